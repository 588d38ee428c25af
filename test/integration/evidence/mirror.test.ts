/** Triggers of ours that somebody disables, drops or replaces: found wherever it matters, and put right by what is printed. */
import { beforeEach, expect, test } from "vitest";
import { confirmUseCase } from "../../../src/app/confirm.js";
import { statusUseCase } from "../../../src/app/status.js";
import { verifyUseCase } from "../../../src/app/verify.js";
import { isChangeoverError } from "../../../src/errors.js";
import { readMirror } from "../../../src/journal/mirror.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";

const database = useDatabase("create schema app");
const project = useProject(() => database.url);
const rollout = rolloutOf(project, "people");

beforeEach(async () => {
  await database.sql("drop schema if exists changeover cascade; drop table if exists app.people");
  await database.sql("create table app.people (id bigint primary key, name text not null)");
  await database.sql("insert into app.people select n, 'name ' || n from generate_series(1, 50) n");
  await project.writeChange(
    "0001-people",
    "change: rename_column\ntable: app.people\ncolumn: name\nto: full_name\nsoak: 0s\n",
  );
  await rollout.plan(true);
  await rollout.upgrade("head");
});

const plan = async () => {
  const { report } = await project.run((app) => statusUseCase(app, { plan: "people", require: null }));
  const [only] = report.plans;
  if (only === undefined) throw new Error("no plan");
  return only;
};
const verify = () => project.run((app) => verifyUseCase(app, "people"));

async function refusal(command: Promise<unknown>) {
  const error = await command.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isChangeoverError(error)) throw error ?? new Error("it was not refused");
  return error;
}

/** What the block says to run. */
function statementsOf(details: readonly string[]): string {
  return details.slice(details.indexOf("To put it right:") + 1).join("\n");
}

async function trigger(like: string): Promise<string> {
  const [row] = await database.sql<{ name: string }>(
    "select quote_ident(tgname) as name from pg_trigger where tgrelid = 'app.people'::regclass and tgname like $1",
    [`~~changeover%${like}`],
  );
  return row?.name ?? "";
}

const ALTERATIONS: [what: string, alter: () => Promise<unknown>, says: RegExp][] = [
  [
    "all are disabled",
    () => database.sql("alter table app.people disable trigger all"),
    /^Trigger ~~changeover_\w+_2_sync_insert on app.people is disabled\.$/,
  ],
  [
    "a restore has enabled them again, but not always",
    () => database.sql("alter table app.people disable trigger all; alter table app.people enable trigger all"),
    /^Trigger ~~changeover_\w+_1_old_update on app.people does not fire on replicated writes/,
  ],
  [
    "one is dropped",
    async () => database.sql(`drop trigger ${await trigger("2_sync_update")} on app.people`),
    /^Trigger ~~changeover_\w+_2_sync_update on app.people is gone\.$/,
  ],
  [
    "the function is replaced",
    async () => {
      const [row] = await database.sql<{ definition: string }>(
        "select pg_get_functiondef(oid) as definition from pg_proc where pronamespace = 'changeover'::regnamespace and proname like 'sync%'",
      );
      await database.sql((row?.definition ?? "").replace(/begin/i, "begin\n  return new;"));
    },
    /^Function changeover.sync_\w+ is not the one that was installed\.$/,
  ],
];

test.for(ALTERATIONS)("%s: nothing goes on, and what is printed puts it right", async ([, alter, says]) => {
  await rollout.drain();
  await verify();
  await alter();
  expect(await plan()).toMatchObject({
    state: "blocked",
    why: expect.stringContaining("Writes may have passed unseen."),
    next: "changeover verify people",
  });
  const error = await refusal(verify());
  expect(error).toMatchObject({ code: "drift", exitCode: 5 });
  expect(error.details.some((line) => says.test(line))).toBe(true);
  expect(await refusal(rollout.upgrade("@head"))).toMatchObject({ code: "gate", exitCode: 7 });
  expect((await plan()).gates[0]?.conditions.find(({ kind }) => kind === "verified")).toMatchObject({ met: false });
  expect(await refusal(rollout.finish())).toMatchObject({ code: "drift" });

  await database.sql(statementsOf(error.details));
  expect((await readMirror(database.db, "people")).faults).toEqual([]);
  // The verify of before is worth nothing any more.
  expect((await plan()).gates[0]?.conditions.find(({ kind }) => kind === "verified")).toMatchObject({
    met: false,
    evidence: expect.stringMatching(/^After the verify of .* altered: writes may have passed unseen\.$/),
  });
  expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
  await rollout.finish();
  expect(await plan()).toMatchObject({ state: "done" });
  expect(await readMirror(database.db, "people")).toEqual({ faults: [], stamps: {} });
});

test("found before the next revision runs, and by a worker", async () => {
  await database.sql("alter table app.people disable trigger all");
  const { exitCode, lines } = await rollout.drain();
  expect([exitCode, lines.join("\n")]).toEqual([5, expect.stringContaining("do not stand as they were installed")]);
  expect((await plan()).revisions.find(({ phase }) => phase === "backfill")?.state).toBe("pending");
});

test("altered between the confirm and the contract, and put right: verify and confirm are asked for again", async () => {
  await rollout.drain();
  await verify();
  await project.run((app) => confirmUseCase(app, { plan: "people", release: "v2", despite: [], reason: null }));
  await database.sql("alter table app.people disable trigger all");
  await database.sql(statementsOf((await refusal(verify())).details));
  const { details } = await refusal(rollout.upgrade("@head"));
  expect(details).toEqual([
    expect.stringMatching(/^verified: After the verify of /),
    expect.stringMatching(/^quiet: After the confirm of .* altered: writes may have passed unseen\.$/),
  ]);
  await rollout.finish();
  expect(await plan()).toMatchObject({ state: "done" });
});

test("an undo waits for them, too: nobody would see who still writes the new side", async () => {
  await database.sql("alter table app.people disable trigger all");
  expect(await refusal(rollout.downgrade("base"))).toMatchObject({ code: "gate", exitCode: 7 });
  await database.sql(statementsOf((await refusal(rollout.upgrade("@backfill"))).details));
  await rollout.downgrade("base");
});
