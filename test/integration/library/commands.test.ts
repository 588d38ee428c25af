/** The commands as functions, as a program has them: what it gives, what comes back, and what they leave alone. */
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { acquireLock } from "../../../src/db/lock.js";
import {
  type ChangeoverEvent,
  checkPlan,
  confirm,
  downgrade,
  EXIT_CODES,
  isChangeoverError,
  logTo,
  plan,
  startWorker,
  status,
  upgrade,
  verify,
} from "../../../src/index.js";
import { useProject } from "../../support/app.js";
import { letTickPass } from "../../support/clock.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer not null);
  insert into app.orders select n, n from generate_series(1, 500) n`);
const project = useProject(() => database.url);
const common = () => ({ databaseUrl: database.url, directory: project.directory, actor: "deployer" });

const SIGNALS = ["SIGINT", "SIGTERM", "exit", "uncaughtException", "unhandledRejection"] as const;
const listeners = () => SIGNALS.map((signal) => process.listenerCount(signal));

test("a change from its module to its end and half-way back, in silence", async () => {
  const before = listeners();
  const written = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
  const module = join(project.directory, "plans/0001-orders-total/change.ts");
  await project.writeChange("0001-orders-total", "");
  await writeFile(module, 'import { defineChange } from "changeover";\nexport default defineChange({});\n');
  // Two files of one plan, and then a module with a mistake: both are named.
  await expect(plan({ ...common(), plan: "orders-total" })).rejects.toMatchObject({
    code: "graph-invalid",
    where: expect.stringMatching(/plans\/0001-orders-total\/change\.ts$/),
  });
  await rm(module.replace(/ts$/, "yaml"));
  await expect(plan({ ...common(), plan: "orders-total" })).rejects.toMatchObject({
    code: "change-invalid",
    where: "plans/0001-orders-total/change.ts",
  });
  await writeFile(
    module,
    `import { defineChange } from "changeover";
     const table: string = "app.orders";
     export default defineChange({ change: "rename_column", table, column: "total", to: "amount", soak: "0s" });`,
  );

  const shown = await plan({ ...common(), plan: "orders-total" });
  expect(shown).toMatchObject({ kind: "plan", slug: "orders-total", written: false });
  expect(await plan({ ...common(), plan: "0001-orders-total", write: true })).toMatchObject({ written: true });
  expect(await readdir(join(project.directory, "plans/0001-orders-total"))).toHaveLength(
    1 + (shown.kind === "plan" ? shown.revisions.length : 0),
  );
  expect(await checkPlan({ ...common(), plan: "orders-total" })).toMatchObject({ begun: false });

  const events: ChangeoverEvent[] = [];
  const preview = await upgrade({ ...common(), sqlOnly: true });
  const done = await upgrade({ ...common(), onEvent: (event) => void events.push(event) });
  expect(done.ran).toEqual(preview.ran);
  expect(events.map(({ kind }) => kind)).toContain("journal-installed");
  await expect(upgrade({ ...common(), target: "orders-total@contract", deadlineMs: 5_000 })).rejects.toMatchObject({
    code: "gate",
    exitCode: EXIT_CODES.gate,
  });
  expect(await verify({ ...common(), plan: "orders-total" })).toMatchObject({ rows: 500, mismatches: 0, keys: [] });
  await letTickPass(database.sql);
  const confirmed = await confirm({ ...common(), plan: "orders-total", release: "v2" });
  expect(confirmed).toMatchObject({
    release: "v2",
    despite: [],
    reason: null,
    actor: "deployer",
    at: expect.any(Date),
  });
  expect(confirmed).not.toHaveProperty("mirror");

  const undone = await downgrade({ ...common(), target: "orders-total@dual-write" });
  expect(undone).toMatchObject({ direction: "downgrade" });
  const { report, requirement } = await status({ ...common(), plan: "orders-total", require: "backfill" });
  expect(report.plans[0]?.phase).toBe("dual-write");
  expect(requirement?.satisfied).toBe(false);

  expect(listeners()).toEqual(before);
  for (const stream of written) {
    expect(stream).not.toHaveBeenCalled();
    stream.mockRestore();
  }
});

test("a worker is a handle: it works, is stopped, and says how it ended", async () => {
  const events: ChangeoverEvent[] = [];
  const lines: object[] = [];
  const log = logTo(pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) }));
  let onVerified = () => {};
  const verified = new Promise<void>((resolve) => {
    onVerified = resolve;
  });
  const worker = startWorker({
    ...common(),
    onEvent: (event) => {
      events.push(event);
      log(event);
      if (event.kind === "verify-done") onVerified();
      // It is the caller's, and must not end the work.
      throw new Error("the disk of the logs is full");
    },
  });
  await verified;
  await Promise.all([worker.stop(), worker.stop()]);
  expect(await worker.done).toEqual({
    exitCode: 0,
    lines: ["ended: what was begun is handed back"],
    plans: [],
    interrupted: true,
  });
  expect(lines).toContainEqual(
    expect.objectContaining({
      event: "verify-done",
      rows: 500,
      level: 30,
      msg: "orders-total verified: 500 rows, 0 not in step",
    }),
  );

  const drained = await startWorker({ ...common(), drain: true }).done;
  expect(drained).toMatchObject({ exitCode: 0, interrupted: false });
  expect(drained.plans).toEqual([{ plan: "orders-total", state: "gate", error: null }]);
});

test("a server instead of a URI, with a password that is asked for", async () => {
  const url = new URL(database.url);
  let asked = 0;
  const server = {
    host: url.hostname,
    port: Number(url.port),
    database: url.pathname.slice(1),
    user: url.username,
    password: () => {
      asked += 1;
      return Promise.resolve(url.password);
    },
  };
  const { report } = await status({ server, directory: project.directory });
  expect(report.plans).toHaveLength(1);
  // The queue's connections take it as well.
  const events: ChangeoverEvent[] = [];
  await startWorker({ server, directory: project.directory, drain: true, onEvent: (event) => void events.push(event) })
    .done;
  expect(events.filter(({ kind }) => kind === "queue-trouble")).toEqual([]);
  expect(url.password === "" || asked > 0).toBe(true);
});

test("whatever goes wrong is a ChangeoverError with a code", async () => {
  const { port } = new URL(database.url);
  for (const [options, code] of [
    [{ databaseUrl: `postgres://nobody@127.0.0.1:${port}/none` }, "connection"],
    [{ databaseUrl: "postgres://x@127.0.0.1:1/x" }, "connection"],
    [{ databaseUrl: "mysql://x" }, "usage"],
    [{ databaseUrl: "" }, "usage"],
    [{ server: { host: "" } }, "usage"],
    [{ ...common(), plans: "nowhere" }, "usage"],
  ] as const) {
    const thrown = await status(options).catch((error: unknown) => error);
    expect(isChangeoverError(thrown, code), `${JSON.stringify(options)}: ${thrown}`).toBe(true);
  }
  const worker = startWorker({ databaseUrl: "postgres://x@127.0.0.1:1/x" });
  await expect(worker.done).rejects.toMatchObject({ code: "connection" });
  await worker.stop();
});

test("an aborted signal and a clock of one's own end a wait for another runner", async () => {
  const signal = new AbortController().signal;
  const held = await acquireLock(database.db, {
    name: "trunk",
    holder: "test",
    waitMs: 0,
    signal,
    onWaiting: () => undefined,
  });
  try {
    await database.sql("delete from changeover.revision where false");
    let now = 0;
    const clock = { now: () => (now += 60_000) };
    const target = "orders-total@base";
    await expect(downgrade({ ...common(), target, clock, lockWaitMs: 600_000 })).rejects.toMatchObject({
      code: "lock",
    });
    const stopping = new AbortController();
    const waiting = downgrade({
      ...common(),
      target,
      signal: stopping.signal,
      onEvent: ({ kind }) => kind === "lock-waiting" && stopping.abort(),
    });
    await expect(waiting).rejects.toMatchObject({ code: "interrupted" });
  } finally {
    await held.release();
  }
});
