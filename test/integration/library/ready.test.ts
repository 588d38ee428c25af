/** `assertReady`, as an application asks it when it starts: with a role that may only look. */
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  assertReady,
  ChangeoverError,
  confirm,
  type Phase,
  plan,
  startWorker,
  status,
  upgrade,
} from "../../../src/index.js";
import { useProject } from "../../support/app.js";
import { letTickPass } from "../../support/clock.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer not null);
  insert into app.orders select n, n from generate_series(1, 200) n`);
const project = useProject(() => database.url);

let application: pg.Client;
const role = `app_${process.pid}_${Math.random().toString(36).slice(2)}`;
const files = () => join(project.directory, "plans");

beforeAll(async () => {
  await database.sql(`create role ${role} login password 'app'`);
  const url = new URL(database.url);
  url.username = role;
  url.password = "app";
  application = await database.client({ connectionString: url.toString() });
});
// Roles are the server's, not the database's.
afterAll(async () => {
  await application.end();
  await database.sql(`drop owned by ${role}`);
  await database.sql(`drop role ${role}`);
});

const options = () => ({ databaseUrl: database.url, directory: project.directory, actor: "tester" });

async function refusal(phase: Phase, plans?: string, name = "orders-total"): Promise<ChangeoverError> {
  const error = await assertReady(application, name, phase, plans === undefined ? {} : { plans }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ChangeoverError) return error;
  throw error ?? new Error(`${phase} was found ready`);
}

/** With the plan's files, the judgement of `status --require`. */
async function ready(): Promise<Phase[]> {
  const found: Phase[] = [];
  for (const phase of ["expand", "dual-write", "backfill", "contract"] as const) {
    const { requirement } = await status({ ...options(), plan: "orders-total", require: phase });
    const asked = assertReady(application, "0001-orders-total", phase, { plans: files() });
    if (requirement?.satisfied === true) {
      await asked;
      found.push(phase);
    } else await expect(asked).rejects.toMatchObject({ code: "not-yet" });
  }
  return found;
}

describe("from before the first revision to the last", () => {
  test("no journal: nothing has run here", async () => {
    expect(await refusal("expand")).toMatchObject({
      code: "not-yet",
      message: expect.stringMatching(/^There is no journal in database t_\w+: nothing has run here\.$/),
      hint: expect.stringContaining("changeover upgrade head"),
    });
  });

  test("a journal that the role may not read: the GRANT to ask for", async () => {
    await project.writeChange(
      "0001-orders-total",
      "change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\nsoak: 0s\n",
    );
    await plan({ ...options(), plan: "orders-total", write: true });
    await upgrade(options());
    const error = await refusal("expand");
    expect(error).toMatchObject({ code: "privilege", message: `The role ${role} may not read the journal.` });
    for (const statement of /Ask for: (.*)/.exec(error.hint ?? "")?.[1]?.split("; ") ?? [])
      await database.sql(statement);
    // Still nothing but these two rights: and the connection is not left in a failed transaction.
    await application.query("begin");
    await assertReady(application, "orders-total", "dual-write", { plans: files() });
    await application.query("commit");
  });

  test("each phase as status --require judges it", async () => {
    expect(await ready()).toEqual(["expand", "dual-write"]);
    const error = await refusal("backfill", files());
    expect(error.message).toBe("Plan orders-total is not ready: its phase backfill is not done.");
    expect(error.details[0]).toMatch(/^fill is pending$/);
    expect(error.hint).toContain("changeover worker --drain");
    await startWorker({ ...options(), drain: true }).done;
    expect(await ready()).toEqual(["expand", "dual-write", "backfill"]);
  });

  test("without files: what a later phase proves, and no more", async () => {
    await assertReady(application, "orders-total", "dual-write");
    const error = await refusal("backfill");
    expect(error).toMatchObject({ code: "not-yet", hint: expect.stringContaining("Give `plans`") });
    expect(await refusal("expand", undefined, "customers")).toMatchObject({
      code: "not-yet",
      message: "Plan customers has not begun in this database.",
    });
  });

  test("what is not there: a plan, a folder, a phase", async () => {
    expect(await refusal("expand", files(), "order-total")).toMatchObject({
      code: "not-found",
      hint: "Did you mean orders-total?",
    });
    expect(await refusal("expand", join(project.directory, "plan"))).toMatchObject({ code: "usage" });
    expect(await refusal("backfilled" as Phase)).toMatchObject({
      code: "usage",
      hint: expect.stringContaining("expand"),
    });
  });

  test("after contract the files are not missed", async () => {
    await letTickPass(database.sql);
    await confirm({ ...options(), plan: "orders-total", release: "v2" });
    await upgrade({ ...options(), target: "orders-total@head" });
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    await assertReady(pool, "orders-total", "backfill");
    await assertReady(pool, "orders-total", "contract").finally(() => pool.end());
    expect(await ready()).toEqual(["expand", "dual-write", "backfill", "contract"]);
  });

  test("an undo that has begun is not ready, nor are files that cannot be read", async () => {
    await database.sql("update changeover.revision set state = 'undoing' where name = 'fill'");
    expect((await refusal("backfill", files())).details).toEqual(["fill is undoing"]);
    const [first] = (await status(options())).report.plans[0]?.revisions ?? [];
    const folder = join(files(), "0001-orders-total");
    const name = (await readdir(folder)).find((file) => file.includes(first?.name ?? "?"));
    await writeFile(join(folder, name ?? ""), "-- changeover revision broken");
    expect(await refusal("expand", files())).toMatchObject({
      code: "revision-invalid",
      where: expect.stringContaining("plans"),
    });
  });

  test("a connection that is gone", async () => {
    const gone = new pg.Client({ connectionString: database.url });
    await gone.connect();
    await gone.end();
    await expect(assertReady(gone, "orders-total", "expand")).rejects.toBeInstanceOf(ChangeoverError);
  });
});
