/** What may happen to two tables and their backfills, one after another. */
import fc from "fast-check";
import type { TableName } from "./tables.js";

/** A write of one row: through either side or both, or past both (`pad`). */
export type Write =
  | {
      readonly kind: "insert" | "update";
      readonly side: "old" | "new" | "both";
      readonly row: number;
      readonly value: string | null;
    }
  | { readonly kind: "delete" | "pad" | "lock"; readonly row: number }
  | { readonly kind: "savepoint" | "rollback to" | "release" };

export type Action =
  | { readonly do: "step"; readonly worker: number; readonly statements: number }
  | { readonly do: "kill" | "end"; readonly worker: number }
  | { readonly do: "cut"; readonly worker: number; readonly every: number }
  | { readonly do: "expire leases" }
  | { readonly do: "pause" | "resume" | "retry"; readonly table: TableName }
  | { readonly do: "limit"; readonly table: TableName; readonly workers: number }
  | { readonly do: "truncate" | "vacuum" | "vacuum full" | "cluster" | "analyze"; readonly table: TableName }
  | { readonly do: "refuse" | "allow"; readonly row: number }
  /** `end` null: the transaction stays open until `settle` */
  | {
      readonly do: "write";
      readonly writer: number;
      readonly table: TableName;
      readonly writes: readonly Write[];
      readonly end: "commit" | "rollback" | null;
    }
  | { readonly do: "settle"; readonly writer: number; readonly end: "commit" | "rollback" };

const WORKERS = 2;
const WRITERS = 3;
const worker = fc.nat(WORKERS - 1);
const writer = fc.nat(WRITERS - 1);
const table = fc.constantFrom<TableName>("t", "u");
/** Few, all over the table, so that they meet; the last ones are not there at first. */
const row = fc.nat(30);

const writeArbitrary: fc.Arbitrary<Write> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom("insert" as const, "update" as const, "update" as const),
      side: fc.constantFrom("old" as const, "new" as const, "both" as const),
      row,
      value: fc.oneof(
        { weight: 8, arbitrary: fc.nat(9_999).map(String) },
        { weight: 1, arbitrary: fc.constant(null) },
        { weight: 2, arbitrary: fc.constant("none") },
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom("delete" as const, "pad" as const, "lock" as const), row }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("savepoint" as const, "rollback to" as const, "release" as const) }),
  },
);

const actionArbitrary: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant("step" as const),
      worker,
      statements: fc.oneof(fc.nat(12), fc.integer({ min: 10, max: 120 })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("kill" as const, "kill" as const, "end" as const), worker }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("cut" as const), worker, every: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("expire leases" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("pause" as const, "resume" as const, "retry" as const, "retry" as const),
      table,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("limit" as const), table, workers: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "truncate" as const,
        "vacuum" as const,
        "vacuum full" as const,
        "vacuum full" as const,
        "cluster" as const,
        "analyze" as const,
      ),
      table,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("refuse" as const, "refuse" as const, "allow" as const), row }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      writer,
      table,
      writes: fc.array(writeArbitrary, { minLength: 1, maxLength: 5 }),
      end: fc.constantFrom("commit" as const, "commit" as const, "rollback" as const, null),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      writer,
      end: fc.constantFrom("commit" as const, "commit" as const, "rollback" as const),
    }),
  },
);

export type Program = { readonly actions: readonly Action[]; readonly end: "kill" | "end" };

/** The first step brings a fill under way: what comes before it tells little. */
export const programArbitrary = (most: number): fc.Arbitrary<Program> =>
  fc
    .record({
      actions: fc.array(actionArbitrary, { minLength: Math.floor(most / 2), maxLength: most, size: "max" }),
      end: fc.constantFrom("kill" as const, "end" as const),
    })
    .map(({ actions, end }): Program => ({ actions: [{ do: "step", worker: 0, statements: 10 }, ...actions], end }))
    .map((program) => Object.assign(program, { [fc.toStringMethod]: () => textOf(program) }));

/** One line an action, as a person would tell it. */
export function textOf({ actions, end }: Program): string {
  return `\n${actions.map((action) => `  ${lineOf(action)}`).join("\n")}\n  ${end} all workers, and drain\n`;
}

function lineOf(action: Action): string {
  const { do: what, ...rest } = action;
  const more = Object.entries(rest).map(
    ([name, value]) => `${name} ${name === "writes" ? JSON.stringify(value) : value}`,
  );
  return [what, ...more].join(", ");
}
