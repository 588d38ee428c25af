/** A fill's reviewed statements, run over one part of what it walks: the table itself, or one leaf of a partitioned one. */
import type { Database } from "../db/pool.js";
import { SQLSTATE, sqlstateOf } from "../db/sqlstate.js";
import { type PartName, readPartNames } from "../journal/fill-parts.js";
import { type QualifiedName, sameName } from "../sql/identifier.js";
import { loadParser } from "../sql/parser.js";
import { retarget } from "../sql/retarget.js";
import type { SqlText } from "../sql/text.js";
import type { FillRevision } from "./statements.js";

/** A part with the statements that walk it. */
export type Part = PartName & { readonly revision: FillRevision };

/**
 * The revision over the part alone. A leaf's statements name it in the table's place, put there by the server's own parser: a
 * condition on `tableoid` would have every leaf read (no partition is pruned by it), and nobody wants to lock them all.
 */
export async function overPart(revision: FillRevision, part: QualifiedName): Promise<FillRevision> {
  const { fill } = revision;
  if (sameName(part, fill.table)) return revision;
  await loadParser();
  const over = (text: SqlText) => retarget(withoutSemicolon(text), fill.table, part);
  const perhaps = (text: SqlText | null) => (text === null ? null : over(text));
  return {
    ...revision,
    parent: fill.table,
    fill: {
      ...fill,
      table: { schema: part.schema, name: part.name },
      batch: perhaps(fill.batch),
      one: perhaps(fill.one),
      left: over(fill.left),
      due: over(fill.due),
      verify: over(fill.verify),
      mismatches: over(fill.mismatches),
      forth: perhaps(fill.forth),
      back: perhaps(fill.back),
    },
  };
}

const withoutSemicolon = (text: SqlText) => text.replace(/[;\s]+$/, "") as SqlText;

/** The one that goes by this oid, as it is now; null: it has gone. */
export async function partOf(db: Database, revision: FillRevision, relation: number): Promise<Part | null> {
  const name = (await readPartNames(db, revision.fill.table)).find((one) => one.relation === relation);
  return name === undefined ? null : { ...name, revision: await overPart(revision, name) };
}

/** A leaf goes, or takes another name, whenever somebody wants it to; of a table of its own that is an error. */
export function isLeafGone({ parent }: FillRevision, error: unknown): boolean {
  return parent !== undefined && NO_SUCH_TABLE.includes(sqlstateOf(error) ?? "");
}

const NO_SUCH_TABLE: readonly string[] = [SQLSTATE.undefinedTable, SQLSTATE.invalidSchema];

/** All of them as they are now. */
export async function partsOf(db: Database, revision: FillRevision): Promise<Part[]> {
  const names = await readPartNames(db, revision.fill.table);
  const parts: Part[] = [];
  for (const name of names) parts.push({ ...name, revision: await overPart(revision, name) });
  return parts;
}
