/** Rows that a change of type cannot convert: who is told, what settles them, and what becomes of those that are skipped. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { listQuarantineUseCase, retryQuarantineUseCase, skipQuarantineUseCase } from "../../../src/app/quarantine.js";
import { statusUseCase } from "../../../src/app/status.js";
import { verifyUseCase } from "../../../src/app/verify.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";

const database = useDatabase("create schema app; create table app.imports ()");
const project = useProject(() => database.url);
const rollout = rolloutOf(project, "amount");
const BAD = ["id=7", "id=8", "id=190"];

const list = () => project.run((app) => listQuarantineUseCase(app, "amount"));
const states = async () => Object.fromEntries((await list()).map(({ row, state }) => [row, state]));
const retry = (rows: string[] | null) => project.run((app) => retryQuarantineUseCase(app, "0001-amount", rows));
const skip = (rows: string[] | null, reason = "test data") =>
  project.run((app) => skipQuarantineUseCase(app, "amount", { rows, reason }));
const status = async () =>
  (await project.run((app) => statusUseCase(app, { plan: "amount", require: null }))).report.plans[0];
const settled = async () => (await status())?.gates[0]?.conditions.find((condition) => condition.kind === "settled");

/** Planned, and drained as far as it goes. */
async function start(type = "text"): Promise<void> {
  await rm(join(project.directory, "plans"), { recursive: true, force: true });
  await database.sql(`drop schema if exists changeover cascade; drop schema app cascade; create schema app;
    create table app.imports (id bigint primary key, amount ${type}, note text);
    insert into app.imports select n, case when n in (7, 8, 190) then 'about ' || n else n::text end, 'note'
      from generate_series(1, 200) n`);
  await project.writeChange(
    "0001-amount",
    `change: change_type
table: app.imports
column: amount
type: integer
using: amount::integer
reverse: amount::text
allow: [client-type-change, fill-may-be-null]
soak: 0s
`,
  );
  await rollout.plan(true);
  await rollout.upgrade("head");
  expect(await rollout.drain()).toMatchObject({ exitCode: 1 });
}

describe("rows that cannot be converted", () => {
  beforeEach(() => start());

  test("are named with what to do, shut the gate, and are let go of once they are mended or deleted", async () => {
    expect(await list()).toMatchObject(
      BAD.map((row) => ({ plan: "amount", row, sqlstate: "22P02", state: "waiting", skipped: null })),
    );
    expect((await list())[0]?.message).toBe('invalid input syntax for type integer: "about 7"');
    const { lines } = await rollout.drain();
    expect(lines.join("\n")).toMatch(/^amount: A row cannot be filled: id=7 and 2 more\.\n {2}id=7: invalid input/);
    expect(lines.join("\n")).toContain("changeover backfill quarantine skip amount --row ROW");
    expect(await status()).toMatchObject({
      state: "blocked",
      backfill: { quarantined: 3, skipped: 0, failures: BAD.map((key) => expect.objectContaining({ key })) },
      why: expect.stringMatching(/3 rows wait for someone to settle: id=7 \(22P02 .*id=190/),
      next: "changeover worker --drain   # once the rows are mended",
    });
    expect(await settled()).toMatchObject({ met: false, evidence: expect.stringMatching(/^3 failed rows wait/) });
    await database.sql("update app.imports set amount = '70' where id = 7; delete from app.imports where id = 190");
    expect(await states()).toEqual({ "id=7": "mended", "id=8": "waiting", "id=190": "mended" });
    expect(await rollout.drain()).toMatchObject({ exitCode: 1 });
    expect(await states()).toEqual({ "id=8": "waiting" });
    await database.sql("update app.imports set amount = '80' where id = 8");
    expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
    expect(await list()).toEqual([]);
    expect(await settled()).toMatchObject({ met: true, evidence: "No failed row waits for someone to settle it." });
    await rollout.finish();
    expect(await database.sql("select id::int, amount from app.imports where id in (7, 8) order by id")).toEqual([
      { id: 7, amount: 70 },
      { id: 8, amount: 80 },
    ]);
  });

  test("may be skipped by name, for a reason: verify and the gate say so, and the plan goes to its end", async () => {
    expect(await skip(["id=7"])).toMatchObject({
      plan: "amount",
      rows: 1,
      note: expect.stringMatching(/stays NULL there .*its value is gone/),
    });
    expect(await states()).toEqual({ "id=7": "skipped", "id=8": "waiting", "id=190": "waiting" });
    expect((await rollout.drain()).exitCode).toBe(1);
    expect(await settled()).toMatchObject({
      met: false,
      evidence: expect.stringMatching(/^2 failed rows wait .*; 1 row was skipped by hand\.$/),
    });
    expect(await skip(null, "old imports")).toMatchObject({ rows: 2, names: ["id=8", "id=190"] });
    expect((await list())[1]?.skipped).toMatchObject({ by: "tester", reason: "old imports" });
    expect((await rollout.drain()).exitCode).toBe(0);
    expect(await project.run((app) => verifyUseCase(app, { plan: "amount" }))).toMatchObject({
      mismatches: 0,
      skipped: 3,
    });
    expect(await settled()).toMatchObject({
      met: true,
      evidence: "No failed row waits for someone to settle it; 3 rows were skipped by hand.",
    });
    expect(
      await database.sql("select kind, actor, data from changeover.event where kind like 'rows-%' order by id"),
    ).toEqual([
      { kind: "rows-skipped", actor: "tester", data: { rows: ["id=7"], reason: "test data" } },
      { kind: "rows-skipped", actor: "tester", data: { rows: ["id=8", "id=190"], reason: "old imports" } },
    ]);
    await expect(retry(["id=7"])).rejects.toMatchObject({ code: "usage" });
    await rollout.finish();
    expect(await database.sql("select id::int from app.imports where amount is null order by id")).toEqual([
      { id: 7 },
      { id: 8 },
      { id: 190 },
    ]);
  });

  test("are retried by name, skipped ones too, and no other is touched", async () => {
    await skip(["id=7"]);
    await database.sql(
      "alter table app.imports disable trigger user; update app.imports set amount = '7' where id = 7",
    );
    await database.sql("alter table app.imports enable trigger user");
    await expect(retry(["id=9", "id=8"])).rejects.toMatchObject({
      code: "not-found",
      message: "No row id=9 of amount is in quarantine.",
    });
    expect(await retry(["id=7"])).toMatchObject({ rows: 1, names: ["id=7"] });
    expect(await states()).toEqual({ "id=7": "retrying", "id=8": "waiting", "id=190": "waiting" });
  });
});

test("a skipped row stops the NOT NULL that is to come, as its skip says", async () => {
  await start("text not null");
  expect((await skip(null)).note).toMatch(/NOT NULL .*23502 or 23514/);
  expect((await rollout.drain()).exitCode).toBe(0);
  // A check until 17, a NOT NULL of its own from 18 on.
  const message = expect.stringMatching(/SQLSTATE (23514|23502)/);
  await expect(rollout.finish()).rejects.toMatchObject({ code: "blocked", message });
  await database.sql("update app.imports set amount = '0' where amount like 'about%'");
  await rollout.finish();
  expect(await database.sql("select count(*)::int as n from app.imports where amount = 0")).toEqual([{ n: 3 }]);
});
