import { afterEach, describe, expect, test } from "vitest";
import { readFills } from "../../../src/journal/fills.js";
import type { Revision } from "../../../src/revisions/revision.js";
import { runFill } from "../../../src/runner/backfill.js";
import { startRunner, type TestRunner } from "../../support/runner.js";
import { fillOf, REVISION, until, useTable } from "./table.js";

const bench = useTable();
let runner: TestRunner | null = null;
afterEach(() => runner?.release());

function revision(set = "a"): Revision {
  const { id, plan, fill } = fillOf(set);
  return {
    ...{ id, plan, fill, name: "fill", title: "Fill b from a", change: "rename_column app.t.a to b", file: null },
    ...{ lane: "tail", phase: "backfill", runner: "backfill", parents: ["000000000001"], dependsOn: [] },
    ...{ gate: [], undoGate: [], deploy: null, irreversible: null, upgrade: [], downgrade: [], expects: [] },
    ...{ checksum: "x", text: "-- fill" },
    scope: { table: fill.table, columns: ["a"], added: "b", notNull: null },
  };
}

const state = async () =>
  (await bench.sql("select state, error from changeover.revision where id = $1", [REVISION]))[0];

describe("runFill", () => {
  test("starts, fills and finishes the revision", async () => {
    await bench.table(10_000);
    await bench.sql("delete from changeover.revision");
    runner = await startRunner(bench.db);
    await runFill(runner.ctx, revision());
    expect(await bench.unfilled()).toBe(0);
    expect(await state()).toEqual({ state: "done", error: null });
    // How fast it goes, and what holds it back, is a matter of what else this server does.
    const told = [
      "revision-started",
      "fill-started",
      "fill-restarted",
      "slice-blocked",
      "slice-retry",
      "revision-done",
    ];
    const kinds = runner.events.map(({ kind }) => kind).filter((kind) => told.includes(kind));
    expect(kinds).toEqual(["revision-started", "fill-started", "revision-done"]);
  });

  test("parks it with the row that fails, and goes on when that is mended", async () => {
    await bench.table(5_000);
    await bench.sql(
      "create function app.checked(v int) returns int language sql as 'select v / case when v = 777 then 0 else 1 end'",
    );
    runner = await startRunner(bench.db);
    await expect(runFill(runner.ctx, revision("app.checked(a)"))).rejects.toMatchObject({
      code: "blocked",
      where: "app.t",
      details: ["id=777: division by zero (SQLSTATE 22012)"],
    });
    expect(await state()).toMatchObject({ state: "blocked", error: { message: "A row cannot be filled: id=777." } });
    // The cause is mended, and no row written: the run itself has to try it again.
    await bench.sql("create or replace function app.checked(v int) returns int language sql as 'select v'");
    await runFill(runner.ctx, revision("app.checked(a)"));
    expect(await state()).toEqual({ state: "done", error: null });
    expect(await bench.unfilled()).toBe(0);
  });

  test("leaves a paused and an interrupted fill to be gone on with", async () => {
    await bench.table(20_000);
    runner = await startRunner(bench.db);
    await bench.sql("update changeover.plan set paused_at = now(), paused_by = 'me'");
    await expect(runFill(runner.ctx, revision())).rejects.toMatchObject({ code: "paused" });
    await bench.sql("update changeover.plan set paused_at = null, paused_by = null");
    const running = runFill(runner.ctx, revision(), { targetMs: 5 });
    await until(async () => ((await readFills(bench.db))[0]?.rowsDone ?? 0) > 0, "rows are filled");
    runner.stop();
    await expect(running).rejects.toMatchObject({ code: "interrupted" });
    expect(await state()).toEqual({ state: "running", error: null });
    await runner.release();
    runner = await startRunner(bench.db);
    await runFill(runner.ctx, revision());
    expect(await bench.unfilled()).toBe(0);
  });

  test("does not commit its end when the runners' lock is gone", async () => {
    await bench.table(100);
    runner = await startRunner(bench.db);
    await bench.sql("update changeover.lock set epoch = epoch + 1");
    await expect(runFill(runner.ctx, revision())).rejects.toMatchObject({ code: "lock" });
    expect(await bench.unfilled()).toBe(100);
  });

  test("goes from the file of a planner's fill: statements with semicolons and names of their own", async () => {
    await bench.table(100);
    runner = await startRunner(bench.db);
    const { fill, ...rest } = revision();
    if (fill === null) throw new Error("no fill");
    await runFill(runner.ctx, { ...rest, fill: { ...fill, left: `${fill.left} ;\n` as typeof fill.left } });
    expect(await bench.unfilled()).toBe(0);
  });
});
