import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Session } from "../../../src/db/session.js";
import { transaction } from "../../../src/db/transaction.js";
import { ensureJournal } from "../../../src/journal/install.js";
import {
  addConfirmation,
  blockRevision,
  finishRevision,
  pausePlan,
  readJournal,
  recordEvent,
  removeRevision,
  resumePlan,
  startRevision,
  startUndo,
  stepDone,
  stepIntent,
} from "../../../src/journal/journal.js";
import { useDatabase } from "../../support/database.js";
import { revision } from "../../support/revisions.js";

const database = useDatabase();
const one = revision("one");
const reason = { code: "55P03", message: "no lock", hint: null, details: ["pid 1"] };

const write = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
  database.db.borrow((session) => transaction(session, {}, work));
const states = async () => (await readJournal(database.db)).revisions.map((row) => row.state);

beforeAll(() => ensureJournal(database.db));
beforeEach(() =>
  database.sql("truncate changeover.plan, changeover.revision, changeover.event, changeover.confirmation cascade"),
);

describe("a revision", () => {
  test("is started, finished, undone and gone; its plan stays", async () => {
    await write((s) => startRevision(s, one, "ann"));
    const started = await readJournal(database.db);
    expect(started.plans).toMatchObject([
      {
        slug: "orders",
        kind: "rename_column",
        change: one.change,
        table: { schema: "app", name: "t" },
        columns: ["a"],
        pausedAt: null,
      },
    ]);
    expect(started.revisions).toMatchObject([
      { id: one.id, plan: "orders", text: one.text, state: "running", actor: "ann", error: null, parents: [] },
    ]);
    await write((s) => finishRevision(s, one.id));
    expect((await readJournal(database.db)).revisions[0]?.finishedAt).toBeInstanceOf(Date);
    expect(await write((s) => startUndo(s, one.id, "bob"))).toBe("done");
    await write((s) => removeRevision(s, one.id));
    const undone = await readJournal(database.db);
    expect([undone.plans.length, undone.revisions.length]).toEqual([1, 0]);
  });

  test("that is blocked says why, and is taken up again", async () => {
    await write((s) => startRevision(s, one, "ann"));
    await write((s) => blockRevision(s, one.id, reason));
    expect((await readJournal(database.db)).revisions[0]).toMatchObject({ state: "blocked", error: reason });
    await write((s) => startRevision(s, one, "bob"));
    expect((await readJournal(database.db)).revisions[0]).toMatchObject({
      state: "running",
      error: null,
      actor: "bob",
    });
  });

  test("does not move from a state that the transition does not name, and the caller's transaction is rolled back", async () => {
    const refused = expect.objectContaining({ code: "internal", message: expect.stringContaining(one.id) });
    for (const move of [finishRevision, removeRevision, (s: Session, id: string) => blockRevision(s, id, reason)]) {
      await expect(write((s) => move(s, one.id))).rejects.toEqual(refused);
    }
    await expect(write((s) => startUndo(s, one.id, "x"))).rejects.toEqual(refused);
    await write((s) => startRevision(s, one, "ann"));
    await expect(write((s) => removeRevision(s, one.id))).rejects.toEqual(refused);
    await write((s) => finishRevision(s, one.id));
    await expect(write((s) => finishRevision(s, one.id))).rejects.toEqual(refused);
    await expect(write((s) => blockRevision(s, one.id, reason))).rejects.toEqual(refused);
    const other = revision("other");
    await expect(
      write(async (s) => {
        await startRevision(s, other, "ann");
        await startRevision(s, one, "ann");
      }),
    ).rejects.toEqual(refused);
    expect(await states()).toEqual(["done"]);
  });

  test("has steps that go from intent to done, and forgets those of the other direction", async () => {
    await write((s) => startRevision(s, one, "ann"));
    await expect(write((s) => stepDone(s, one.id, "upgrade", "a"))).rejects.toMatchObject({ code: "internal" });
    await write((s) => stepIntent(s, one.id, "upgrade", "a"));
    await write((s) => stepDone(s, one.id, "upgrade", "a"));
    await write((s) => stepIntent(s, one.id, "upgrade", "a"));
    const steps = () => database.sql("select direction, name, state from changeover.step order by 1, 2");
    expect(await steps()).toEqual([{ direction: "upgrade", name: "a", state: "intent" }]);
    await write((s) => startUndo(s, one.id, "ann"));
    await write((s) => stepIntent(s, one.id, "downgrade", "b"));
    expect(await steps()).toEqual([{ direction: "downgrade", name: "b", state: "intent" }]);
    await write((s) => startRevision(s, one, "ann"));
    expect(await steps()).toEqual([]);
  });
});

describe("a plan", () => {
  test("is paused and resumed, and confirmed; an unknown one is not found", async () => {
    await write((s) => startRevision(s, one, "ann"));
    expect(await write((s) => pausePlan(s, "orders", "bob"))).toBe(true);
    expect(await write((s) => pausePlan(s, "orders", "cid"))).toBe(false);
    expect((await readJournal(database.db)).plans[0]).toMatchObject({ pausedBy: "bob", pausedAt: expect.any(Date) });
    expect(await write((s) => resumePlan(s, "orders"))).toBe(true);
    expect(await write((s) => resumePlan(s, "orders"))).toBe(false);
    const confirmation = {
      plan: "orders",
      release: "v2",
      despite: ["quiet" as const],
      reason: "r",
      actor: "ann",
      at: new Date(),
      mirror: { sync: "1" },
    };
    expect(await write((s) => addConfirmation(s, confirmation))).toEqual({
      release: "v2",
      despite: ["quiet"],
      reason: "r",
      actor: "ann",
      at: expect.any(Date),
      mirror: { sync: "1" },
    });
    for (const call of [
      (s: Session) => pausePlan(s, "none", "x"),
      (s: Session) => resumePlan(s, "none"),
      (s: Session) => addConfirmation(s, { ...confirmation, plan: "none" }),
    ]) {
      await expect(write<unknown>(call)).rejects.toMatchObject({ code: "not-found" });
    }
  });

  test("that was undone to its base forgets what was confirmed when it is opened anew, and only then", async () => {
    const confirmations = async () => (await database.sql("select 1 from changeover.confirmation")).length;
    await write((s) => startRevision(s, one, "ann"));
    await write((s) =>
      addConfirmation(s, {
        plan: "orders",
        release: "v2",
        despite: [],
        reason: null,
        actor: "ann",
        at: new Date(),
        mirror: {},
      }),
    );
    await write((s) => startRevision(s, revision("two"), "ann"));
    expect(await confirmations()).toBe(1);
    for (const { id } of [one, revision("two")]) {
      await write((s) => startUndo(s, id, "ann"));
      await write((s) => removeRevision(s, id));
    }
    expect(await confirmations()).toBe(1);
    await write((s) => startRevision(s, one, "ann"));
    expect(await confirmations()).toBe(0);
  });
});

test("an event is appended", async () => {
  await write((s) => recordEvent(s, { actor: "ann", kind: "k", plan: null, revision: null, data: { n: 1 } }));
  expect(await database.sql("select actor, kind, data from changeover.event")).toEqual([
    { actor: "ann", kind: "k", data: { n: 1 } },
  ]);
});

describe("fills", () => {
  const fill = { ...one, runner: "backfill" as const };
  beforeEach(async () => {
    await write((s) => startRevision(s, fill, "ann"));
    await database.sql(`insert into changeover.fill (revision, pages, rows_estimated) values ($1, 400, 1000)`, [
      fill.id,
    ]);
  });

  test("are summed up from their slices", async () => {
    await database.sql(
      `insert into changeover.slice (revision, number, relation, lo, hi, next, state, rows, wal, worker, lease_until, error) values
         ($1, 0, 1, 0, 100, 100, 'done', 250, 25000, null, null, null),
         ($1, 1, 1, 100, 200, 150, 'leased', 120, 12000, 'w1', now() + interval '1 hour', null),
         ($1, 2, 1, 200, 300, 200, 'leased', 0, 0, 'w2', now() - interval '1 hour', null),
         ($1, 3, 1, 300, 390, 300, 'blocked', 0, 0, null, null, '{"key": "id=7", "sqlstate": "22003", "message": "out of range"}'),
         ($1, 4, 1, 390, 400, 390, 'due', 0, 0, null, null, null)`,
      [fill.id],
    );
    expect((await readJournal(database.db)).fills).toEqual([
      {
        revision: fill.id,
        pages: 400,
        pagesDone: 150,
        rowsEstimated: 1000,
        rowsDone: 370,
        slices: { due: 1, leased: 2, blocked: 1, done: 1 },
        workers: ["w1"],
        ...{ quarantined: 1, skipped: 0, hotShare: 0 },
        failures: [{ key: "id=7", sqlstate: "22003", message: "out of range" }],
        startedAt: expect.any(Date),
        rowsPerSecond: null,
        hotShare: 0,
        walBytes: 37_000,
        samples: [],
      },
    ]);
  });

  test("have a rate over the last minute of samples", async () => {
    const rate = async () => (await readJournal(database.db)).fills[0]?.rowsPerSecond;
    // From one moment: on a busy machine a statement's delay is some of the 20 seconds between two samples.
    const [now] = await database.sql<{ at: string }>("select clock_timestamp()::text as at");
    const sample = (ago: number, rows: number) =>
      database.sql(
        "insert into changeover.sample (revision, at, rows) values ($1, $2::timestamptz - $3 * interval '1 second', $4)",
        [fill.id, now?.at, ago, rows],
      );
    await sample(300, 0);
    expect(await rate()).toBeNull();
    await sample(40, 1000);
    expect(await rate()).toBeNull();
    await sample(20, 3000);
    expect(await rate()).toBeCloseTo(100, 0);
    const [running] = (await readJournal(database.db)).fills;
    expect(running?.samples.map(({ rows, held }) => [rows, held])).toEqual([
      [0, false],
      [1000, false],
      [3000, false],
    ]);
    await database.sql("update changeover.revision set state = 'done', finished_at = now() where id = $1", [fill.id]);
    expect((await readJournal(database.db)).fills[0]?.samples).toEqual([]);
  });
});

describe("the schema refuses", () => {
  const rows = (sql: string) => database.sql(sql);
  beforeEach(async () => {
    await write((s) => startRevision(s, one, "ann"));
    await rows(`insert into changeover.fill (revision, pages, rows_estimated) values ('${one.id}', 1, 1)`);
    await rows(
      `insert into changeover.slice (revision, number, relation, lo, hi, next, state) values ('${one.id}', 0, 1, 0, 9, 3, 'due')`,
    );
  });

  test.each([
    [
      "a second meta row",
      "insert into changeover.meta (format, system_identifier, database) values (1, '', '')",
      "23505",
    ],
    [
      "a second meta row under false",
      "insert into changeover.meta (singleton, format, system_identifier, database) values (false, 1, '', '')",
      "23514",
    ],
    ["an id that is not 12 hex digits", "update changeover.revision set id = 'XYZ'", "23514"],
    ["an unknown lane", "update changeover.revision set lane = 'x'", "23514"],
    ["an unknown phase", "update changeover.revision set phase = 'x'", "23514"],
    ["an unknown runner", "update changeover.revision set runner = 'x'", "23514"],
    ["an unknown state", "update changeover.revision set state = 'x'", "23514"],
    ["a plan that is not there", "update changeover.revision set plan = 'x'", "23503"],
    ["done without an end", "update changeover.revision set state = 'done'", "23514"],
    ["an end without done", "update changeover.revision set finished_at = now()", "23514"],
    ["blocked without a reason", "update changeover.revision set state = 'blocked'", "23514"],
    ["a reason without blocked", "update changeover.revision set error = '{}'", "23514"],
    [
      "a step in an unknown direction",
      `insert into changeover.step (revision, direction, name, state) values ('${one.id}', 'x', 'a', 'intent')`,
      "23514",
    ],
    [
      "a step in an unknown state",
      `insert into changeover.step (revision, direction, name, state) values ('${one.id}', 'upgrade', 'a', 'x')`,
      "23514",
    ],
    ["a slice that ends before it begins", "update changeover.slice set lo = 10, next = 10", "23514"],
    ["a cursor before its slice", "update changeover.slice set next = -1", "23514"],
    ["a cursor past its slice", "update changeover.slice set next = 10", "23514"],
    ["a slice in an unknown state", "update changeover.slice set state = 'x'", "23514"],
    ["a lease of nobody", "update changeover.slice set state = 'leased'", "23514"],
    ["a lease without end", "update changeover.slice set state = 'leased', worker = 'w'", "23514"],
    ["a slice done before its end", "update changeover.slice set state = 'done'", "23514"],
    ["a blocked slice without a reason", "update changeover.slice set state = 'blocked'", "23514"],
  ])("%s", async (_, statement, sqlstate) => {
    expect(
      await rows(statement).then(
        () => "accepted",
        (error: { code: string }) => error.code,
      ),
    ).toBe(sqlstate);
  });
});
