/**
 * What the writers know that they wrote, kept outside the table. Each writer owns a region (half of the primary key) and
 * the only word on its rows; the rows of region 0 are written by all of them, and the table's own count of their updates
 * says whose word was the last.
 */

export const SHARED = 0;

export type Entry = {
  /** of the column under change, as text; null: NULL was sent */
  readonly value: string | null;
  /** a column that no change is about; of shared rows: how often they were updated */
  readonly other: number;
  /** when it was last written, see `Ledgers.mark` */
  readonly epoch: number;
};

export type Ledger = Map<number, Entry>;

/** A row of the table; `sides`: the column under each name that it has at the moment, as text. */
export type Row = { readonly region: number; readonly id: number; readonly other: number; readonly sides: Sides };
export type Sides = readonly (string | null)[];

/** Which values a row may hold where NULL was sent; `due`: it must be filled by now. */
export type NullsAre = (region: number, due: boolean) => readonly (string | null)[];

export class Ledgers {
  readonly regions = new Map<number, Ledger>();
  epoch = 0;

  of(region: number): Ledger {
    const known = this.regions.get(region) ?? new Map();
    this.regions.set(region, known);
    return known;
  }

  /** From here on every write counts as later. */
  mark(): void {
    this.epoch += 1;
  }

  /** Takes over what the table holds, before anybody writes. */
  adopt(rows: readonly Row[]): void {
    for (const { region, id, other, sides } of rows) {
      this.of(region).set(id, { value: sides[0] ?? null, other, epoch: this.epoch });
    }
  }
}

export type Expectation = {
  readonly nullsAre: NullsAre;
  /** all: every row is filled. touched: those written since the mark are. first: under the second name none need be. */
  readonly filled: "all" | "first" | "touched";
};

/** Where the table does not hold what was written, a line each. */
export function differences(rows: readonly Row[], ledgers: Ledgers, expected: Expectation): string[] {
  const found: string[] = [];
  const missing = new Map([...ledgers.regions].map(([region, ledger]) => [region, new Set(ledger.keys())]));
  for (const row of rows) {
    const { region, id, other, sides } = row;
    const entry = ledgers.regions.get(region)?.get(id);
    missing.get(region)?.delete(id);
    if (entry === undefined) {
      found.push(`(${region}, ${id}) came from nowhere, or was deleted: ${shown(sides)}`);
      continue;
    }
    const due = expected.filled === "all" || (expected.filled === "touched" && entry.epoch === ledgers.epoch);
    const accepted = entry.value === null ? expected.nullsAre(region, due) : [entry.value];
    const right = sides.every((side, n) => accepted.includes(side) || (n > 0 && side === null && !due));
    if (!right || other !== entry.other) {
      found.push(
        `(${region}, ${id}) holds ${shown(sides)}, other ${other}; wrote ${accepted.join(" or ")}, other ${entry.other}`,
      );
    }
  }
  for (const [region, ids] of missing) for (const id of ids) found.push(`(${region}, ${id}) is missing`);
  return found;
}

function shown(sides: Sides): string {
  return sides.map((side) => (side === null ? "NULL" : JSON.stringify(side))).join(" | ");
}
