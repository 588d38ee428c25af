/** A table whose column `c` is filled by code, on the journal of `table.ts`. */
import type { FillRevision } from "../../../src/backfill/statements.js";
import type { Compute } from "../../../src/backfill/transform/compute.js";
import { readSnapshot } from "../../../src/catalog/read.js";
import { fillOf } from "../../../src/planner/fill.js";
import { sql } from "../../../src/sql/text.js";
import { type Bench, REVISION } from "./table.js";

/** The fill as the planner makes it for this table. */
export async function codedFill(
  bench: Bench,
  columns: readonly string[],
  compute: Compute,
  table = "t",
): Promise<FillRevision> {
  const snapshot = await readSnapshot(bench.db, { schema: "app", name: table });
  const column = snapshot.table?.columns.find(({ name }) => name === "c");
  if (snapshot.table === null || column === undefined) throw new Error("there is no app.t with a column c");
  const transform = { module: "change.ts", checksum: "0".repeat(64), columns, column: "c", type: column.inputType };
  const fill = fillOf(snapshot.table, {
    due: sql`c is null`,
    set: null,
    apart: sql`c is null`,
    forth: null,
    back: null,
    userTriggers: "none",
    transform,
  });
  return { id: REVISION, plan: "t-rename", scope: null, fill, compute };
}

/** app.t of so many rows: `a` is their number, `c` is to be filled. */
export async function codedTable(bench: Bench, rows: number, type = "text"): Promise<void> {
  await bench.sql(`create table app.t (id bigint primary key, a int not null, c ${type}, pad text)`);
  await bench.sql(`insert into app.t select g, g, null, repeat('x', 80) from generate_series(1, ${rows}) g`);
}

/** A promise and what settles it. */
export function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
