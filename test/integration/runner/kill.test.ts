/** Whatever is killed at whatever statement: the same command again ends in the same state. */
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensureJournal } from "../../../src/journal/install.js";
import type { Direction } from "../../../src/journal/journal.js";
import { readJournal } from "../../../src/journal/journal.js";
import type { Revision } from "../../../src/revisions/revision.js";
import { runAutocommit } from "../../../src/runner/autocommit.js";
import type { RunnerContext } from "../../../src/runner/context.js";
import { runTransactional } from "../../../src/runner/transactional.js";
import { useDatabase } from "../../support/database.js";
import { killing } from "../../support/killing.js";
import { eventually, journalOf, withRunner } from "../../support/runner.js";
import { expand, indexes, TABLES } from "./kill.revisions.js";

const database = useDatabase();

beforeAll(() => ensureJournal(database.db));
beforeEach(() => database.sql(`${TABLES}; truncate changeover.plan, changeover.revision, changeover.event cascade`));

const run = (ctx: RunnerContext, revision: Revision, direction: Direction) =>
  (revision.runner === "transactional" ? runTransactional : runAutocommit)(ctx, revision, direction);

/** As the executor would: what the journal shows as done is not run. */
async function again(revision: Revision, direction: Direction): Promise<void> {
  const row = await journalOf(database.db, revision.id);
  if (direction === "upgrade" ? row?.state === "done" : row === null) return;
  await withRunner(database.db, {}, ({ ctx }) => run(ctx, revision, direction));
}

async function state(): Promise<unknown> {
  const journal = await readJournal(database.db);
  const [catalog] = await database.sql(`select
    (select jsonb_agg(attname || ' ' || atttypid::regtype order by attnum) from pg_attribute
      where attrelid = 'app.t'::regclass and attnum > 0 and not attisdropped) as columns,
    (select jsonb_agg(c.relname || case when i.indisvalid then '' else ' INVALID' end order by c.relname)
       from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 'app.t'::regclass) as indexes,
    (select jsonb_agg(name || direction || state order by name) from changeover.step) as steps`);
  return { catalog, revisions: journal.revisions.map((row) => [row.id, row.state, row.error]) };
}

async function terminate(pid: number): Promise<void> {
  await database.sql("select pg_terminate_backend($1)", [pid]);
  await eventually(
    async () => (await database.sql("select 1 from pg_stat_activity where pid = $1", [pid])).length === 0,
  );
}

describe.each([
  ["transactional", expand],
  ["autocommit", indexes],
] as const)("a %s revision", (_, revision) => {
  test.each([
    ["upgrade", "before"],
    ["upgrade", "after"],
    ["downgrade", "before"],
    ["downgrade", "after"],
  ] as const)("%s, killed %s each statement", async (direction, when) => {
    const prepare = () => (direction === "downgrade" ? again(revision, "upgrade") : again(revision, "downgrade"));
    await prepare();
    await again(revision, direction);
    const expected = await state();
    let kills = 0;
    for (let at = 1; ; at += 1) {
      await prepare();
      const { db, killed } = killing(database.db, { at, when, terminate });
      // The second pair of eyes would look at times of its own, and count among the statements.
      const error = await withRunner(database.db, { watchMs: 60_000 }, ({ ctx }) =>
        run({ ...ctx, db }, revision, direction),
      ).then(
        () => null,
        (caught: unknown) => caught,
      );
      if (killed() === null) break;
      kills += 1;
      // A COMMIT whose reply is lost is asked after, and counts as what it was.
      const settled = revision.runner === "transactional" && when === "after" && killed() === "commit";
      expect(error).toEqual(settled ? null : expect.objectContaining({ name: "ServerError" }));
      await again(revision, direction);
      expect(await state(), `killed ${when} statement ${at}: ${killed()}`).toEqual(expected);
    }
    expect(kills).toBeGreaterThan(10);
  });
});

describe("a runner's process that is killed with SIGKILL", () => {
  let program: string;
  beforeAll(async () => {
    // Compiled by the project's own compiler, inside the repository so that it finds its packages.
    const root = path.resolve(import.meta.dirname, "../../..");
    await mkdir(path.join(root, ".tmp"), { recursive: true });
    const out = await mkdtemp(path.join(root, ".tmp/kill-child-"));
    const config = path.join(out, "tsconfig.json");
    await writeFile(
      config,
      JSON.stringify({
        extends: path.join(root, "tsconfig.json"),
        compilerOptions: {
          noEmit: false,
          outDir: out,
          rootDir: root,
          types: ["node"],
          typeRoots: [path.join(root, "node_modules/@types")],
        },
        include: [],
        files: [path.join(import.meta.dirname, "kill.child.ts")],
      }),
    );
    await promisify(execFile)(path.join(root, "node_modules/.bin/tsc"), ["-p", config]);
    program = path.join(out, "test/integration/runner/kill.child.js");
    return () => rm(out, { recursive: true, force: true });
  });

  const startChild = (revision: string) => {
    const child = spawn(process.execPath, [program, database.url, revision], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout });
    const reaches = (line: string) =>
      new Promise<void>((resolve) => lines.on("line", (text) => text === line && resolve()));
    const exited = new Promise((resolve) => child.once("exit", resolve));
    return {
      reaches,
      kill: () => {
        child.kill("SIGKILL");
        return exited;
      },
    };
  };

  test("in a transaction leaves nothing, and the next run does it", async () => {
    const holder = await database.client();
    await holder.query("begin; lock table app.t in row exclusive mode");
    const child = startChild("expand");
    await child.reaches("revision-started");
    await eventually(async () => (await database.sql("select 1 from pg_locks where not granted")).length > 0);
    await child.kill();
    await holder.query("rollback");
    await again(expand, "upgrade");
    expect(await state()).toMatchObject({ catalog: { columns: ["id integer", "a integer", "b bigint"] } });
  });

  test("in an index build that the server goes on with: the next run waits for it and builds no second one", async () => {
    const holder = await database.client();
    await holder.query("begin; insert into app.t values (6001, 6001)");
    const child = startChild("indexes");
    await child.reaches("step-started unique");
    const building = "select pid from pg_stat_progress_create_index where datname = current_database()";
    await eventually(async () => (await database.sql(building)).length === 1);
    await child.kill();
    expect(await database.sql(building)).toHaveLength(1);
    await withRunner(database.db, {}, async (runner) => {
      const next = runAutocommit(runner.ctx, indexes, "upgrade");
      await runner.until((event) => event.kind === "notice" && event.message.includes("earlier run"));
      await holder.query("commit");
      await next;
    });
    expect(await state()).toMatchObject({
      catalog: { indexes: ["t_a", "t_pkey"] },
      revisions: [[indexes.id, "done", null]],
    });
  });
});
