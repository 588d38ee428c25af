/** What no tool can take away: found in the plan, refused until it is allowed (or printed), and what happens then. */
import type pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { confirmUseCase } from "../../../src/app/confirm.js";
import { planUseCase } from "../../../src/app/plan.js";
import { upgradeUseCase } from "../../../src/app/upgrade.js";
import { workerUseCase } from "../../../src/app/worker.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { copyFrom } from "../../support/writers/copy.js";
import { stateOf } from "../../support/writers/work.js";
import { refusalOf } from "./ways.js";

const database = useDatabase(`
  create schema app;
  create table app.tags (id integer generated always as identity primary key, name text not null, hits integer not null);
  create unique index tags_name_once on app.tags (name);
  create table app.notes (id integer primary key, body text default 'empty');
  create table app.parts (id integer primary key, code text, label text);
  insert into app.notes select n, 'b' || n from generate_series(1, 50) n;
`);
const project = useProject(() => database.url);

const PATIENCE = { lockWaitMs: 20_000, deadlineMs: 30_000 };
const upgrade = (target: string) =>
  project.run((app) => upgradeUseCase(app, { target, fresh: false, sqlOnly: false, concurrency: 2, ...PATIENCE }));
const plan = (slug: string) => project.run((app) => planUseCase(app, slug, { write: true, force: false }));

/** Through the backfill phase: both sides may be written. */
async function backfilled(slug: string): Promise<void> {
  await upgrade(`${slug}@dual-write`);
  await project.run((app) => workerUseCase(app, { drain: true, concurrency: 2, plan: slug, pollMs: 50 }));
}

async function contracted(slug: string): Promise<void> {
  await project.run((app) =>
    confirmUseCase(app, { plan: slug, release: "v2", despite: ["quiet"], reason: "one process plays both releases" }),
  );
  await upgrade(`${slug}@head`);
}

const change = (table: string, column: string, to: string, allow = "") =>
  `change: rename_column\ntable: app.${table}\ncolumn: ${column}\nto: ${to}\nsoak: 0s\n${allow}`;

describe("unique-twin-upsert", () => {
  const SESSIONS = 8;
  const clients: pg.Client[] = [];
  let round = 0;

  beforeAll(async () => {
    for (let n = 0; n < SESSIONS; n++) clients.push(await database.client());
  });

  /** All sessions upsert one new key at once, again and again; the errors. `until`: enough of them. */
  async function upserts(column: string, rounds: number, until = Number.POSITIVE_INFINITY) {
    const errors: { state: string | null; message: string }[] = [];
    const text = `insert into app.tags (${column}, hits) values ($1, 1) on conflict (${column}) do update set hits = tags.hits + 1`;
    const first = round;
    for (let n = 0; n < rounds && errors.length < until; n++) {
      const name = `tag ${round++}`;
      const ends = await Promise.allSettled(clients.map((client) => client.query(text, [name])));
      for (const end of ends) {
        if (end.status === "rejected") errors.push({ state: stateOf(end.reason), message: String(end.reason) });
      }
    }
    const [{ hits } = { hits: null }] = await database.sql(`select sum(hits)::integer as hits from app.tags`);
    expect(hits, "what did not fail is there").toBe(upserted + (round - first) * SESSIONS - errors.length);
    upserted = hits;
    return errors;
  }
  let upserted = 0;

  test("is refused until it is allowed; then an upsert can fail on the twin, by whole statements, until contract", async () => {
    await project.writeChange("0001-tags", change("tags", "name", "label"));
    const refusal = await refusalOf(plan("tags"));
    expect(refusal.exitCode).toBe(7);
    expect(refusal.text).toContain("allow: [unique-twin-upsert]");
    expect(refusal.text).toContain("tags_name_once");

    await project.writeChange("0001-tags", change("tags", "name", "label", "allow: [unique-twin-upsert]"));
    await plan("tags");
    expect(await upserts("name", 200)).toEqual([]);
    await upgrade("tags@dual-write");
    expect(await upserts("name", 200), "no twin index yet").toEqual([]);
    await backfilled("tags");
    const failed = await upserts("name", 3000, 3);
    expect(failed.length).toBeGreaterThan(0);
    for (const { state, message } of failed) {
      expect(state).toBe("23505");
      expect(message).toContain("changeover_tags_name_once");
    }
    process.stdout.write(`unique-twin-upsert: ${failed.length} of ${round * SESSIONS} upserts failed on the twin\n`);
    await contracted("tags");
    expect(await upserts("label", 200)).toEqual([]);
  });
});

test("explicit-null is refused until it is allowed; then NULL that new code inserts becomes the default", async () => {
  await project.writeChange("0002-notes", change("notes", "body", "content"));
  const refusal = await refusalOf(plan("notes"));
  expect(refusal.exitCode).toBe(7);
  expect(refusal.text).toContain("allow: [explicit-null]");

  await project.writeChange("0002-notes", change("notes", "body", "content", "allow: [explicit-null]"));
  await plan("notes");
  await backfilled("notes");
  const row = (id: number) => database.sql("select body, content from app.notes where id = $1", [id]);
  await database.sql("insert into app.notes (id, content) values (101, null)");
  expect(await row(101)).toEqual([{ body: "empty", content: "empty" }]);
  // Nothing else of NULL is lost: by old code, or by an update through either side.
  await database.sql("insert into app.notes (id, body) values (102, null)");
  await database.sql("update app.notes set content = null where id = 1");
  await database.sql("update app.notes set body = null where id = 2");
  for (const id of [102, 1, 2]) expect(await row(id)).toEqual([{ body: null, content: null }]);
  await contracted("notes");
  await database.sql("insert into app.notes (id, content) values (103, null)");
  expect(await database.sql("select content from app.notes where id = 103")).toEqual([{ content: null }]);
});

test("positional-copy and prepared-statements are printed; what each does to statements without a column list", async () => {
  await project.writeChange("0003-parts", change("parts", "code", "part_code"));
  const planned = await plan("parts");
  const notices = planned.kind === "plan" ? planned.plan.hazards.filter((h) => h.notice).map((h) => h.name) : [];
  expect(notices).toEqual(expect.arrayContaining(["positional-copy", "prepared-statements", "column-order"]));

  const client = await database.client();
  const insert = (id: number) => client.query(`insert into app.parts values (${id}, 'code ${id}', 'label ${id}')`);
  const copy = (id: number) => copyFrom(client, "copy app.parts from stdin", [[`${id}`, `code ${id}`, `label ${id}`]]);
  const all = { name: "all", text: "select * from app.parts" };
  const read = async (id: number) => (await database.sql("select * from app.parts where id = $1", [id]))[0];
  await insert(1);
  await copy(2);
  await client.query(all);

  await backfilled("parts");
  await insert(3);
  expect(await read(3)).toEqual({ id: 3, code: "code 3", label: "label 3", part_code: "code 3" });
  expect(stateOf(await copy(4).catch((error: unknown) => error))).toBe("22P04");
  expect(stateOf(await client.query(all).catch((error: unknown) => error))).toBe("0A000");

  await contracted("parts");
  await insert(5);
  expect(await read(5), "into other columns, and no error").toEqual({ id: 5, label: "code 5", part_code: "label 5" });
  await copy(6);
  expect(await read(6)).toEqual({ id: 6, label: "code 6", part_code: "label 6" });
});
