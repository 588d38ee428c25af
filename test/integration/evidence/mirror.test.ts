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
const verify = () => project.run((app) => verifyUseCase(app, { plan: "people" }));

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
  [
    "one is made to call another function",
    async () => {
      const name = await trigger("2_sync_update");
      await database.sql(`
        create function app.nothing() returns trigger language plpgsql as $$ begin return new; end $$;
        drop trigger ${name} on app.people;
        create trigger ${name} before update on app.people for each row execute function app.nothing();
        alter table app.people enable always trigger ${name}`);
    },
    /^Trigger ~~changeover_\w+_2_sync_update on app.people calls another function than changeover.sync_\w+\.$/,
  ],
  [
    "the function is dropped, and its triggers with it",
    async () => {
      const [row] = await database.sql<{ name: string }>(
        "select oid::regprocedure::text as name from pg_proc where pronamespace = 'changeover'::regnamespace and proname like 'sync%'",
      );
      await database.sql(`drop function ${row?.name} cascade`);
    },
    /^Function changeover.sync_\w+ is gone\.$/,
  ],
  [
    "the function that notes writers notes nobody",
    () =>
      database.sql(
        "create or replace function changeover.sight() returns trigger language plpgsql as $$ begin return new; end $$",
      ),
    /^Function changeover.sight is not the one that was installed\.$/,
  ],
  [
    "the function that notes writers may not write its notes",
    () => database.sql("alter function changeover.sight() security invoker"),
    /^Function changeover.sight is not the one that was installed\.$/,
  ],
  [
    "the function that notes writers is dropped",
    () => database.sql("drop function changeover.sight() cascade"),
    /^Function changeover.sight is gone\.$/,
  ],
];

test.for(ALTERATIONS)("%s: nothing goes on, and what is printed puts it right", async ([, alter, says]) => {
  await rollout.drain();
  await verify();
  await alter();
  expect(await plan()).toMatchObject({
    state: "blocked",
    deploy: { oldCode: { allowed: false }, newCode: { allowed: false } },
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
  expect(await readMirror(database.db, "people")).toEqual({ table: "there", faults: [], stamps: {}, trusted: {} });
});

test("in the dual-write, too, verify prints them, though there is nothing to verify yet", async () => {
  await database.sql("alter table app.people disable trigger all");
  const { next } = await plan();
  expect(next).toBe("changeover verify people");
  await database.sql(statementsOf((await refusal(verify())).details));
  expect(await refusal(verify())).toMatchObject({ code: "not-yet" });
  expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
});

test("what new code wrote meanwhile is not undone away before it was seen on both sides", async () => {
  await rollout.drain();
  await database.sql(
    "alter table app.people disable trigger all; update app.people set full_name = 'new' where id = 7",
  );
  await database.sql(statementsOf((await refusal(verify())).details));
  const altered = await refusal(rollout.downgrade("base"));
  expect(altered.details.join("\n")).toMatch(
    /^idle: .* were altered: what was written meanwhile may stand on the new side/,
  );
  expect(await verify()).toMatchObject({ mismatches: 1, keys: ["id=7"] });
  const apart = await refusal(rollout.downgrade("base"));
  expect(apart.details.join("\n")).toContain("found 1 row not in step, the first: id=7: an undo would lose what only");
  // The side that is wrong is set, as the hint says.
  await database.sql("update app.people set name = full_name where name is distinct from full_name");
  expect(await verify()).toMatchObject({ mismatches: 0 });
  await rollout.downgrade("base");
  expect(await database.sql("select name from app.people where id = 7")).toEqual([{ name: "new" }]);
});

test("a table that was renamed is named, and given its name back by what is printed", async () => {
  await database.sql("create schema if not exists else_where; alter table app.people rename to persons");
  await database.sql("alter table app.persons set schema else_where");
  const error = await refusal(verify());
  expect(error.details).toContain("Table app.people is not there: it is called else_where.persons now.");
  await database.sql(statementsOf(error.details));
  expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
});

test("a plan whose table was dropped can be let go", async () => {
  await rollout.drain();
  await database.sql("drop table app.people");
  const error = await refusal(verify());
  expect(error).toMatchObject({
    details: ["Table app.people was dropped."],
    hint: expect.stringContaining("people@base"),
  });
  expect(await plan()).toMatchObject({
    state: "blocked",
    why: expect.stringContaining("Table app.people was dropped."),
  });
  await rollout.downgrade("base");
  expect(await plan()).toMatchObject({ state: "undone" });
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
  await database.sql(statementsOf((await refusal(verify())).details));
  expect((await refusal(rollout.downgrade("base"))).details.join("\n")).toContain("were altered");
  await rollout.drain();
  await rollout.downgrade("base");
});
