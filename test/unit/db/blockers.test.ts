import { expect, test } from "vitest";
import { type Activity, describeActivity } from "../../../src/db/activity.js";
import { type Blocker, describeBlocker, identityOf, nameBlocker, remedyFor } from "../../../src/db/blockers.js";
import { describeHolder } from "../../../src/db/lock-holder.js";

const session: Blocker = {
  pid: 42,
  gid: null,
  role: "app",
  app: "web-7",
  state: "idle in transaction",
  query: "select 1",
  kind: "session",
  ageMs: 65_000,
  startedAt: new Date("2026-03-04T05:06:07Z"),
  modes: ["RowExclusiveLock"],
  tables: ["app.t"],
};
const prepared: Blocker = { ...session, pid: 0, gid: "it's", kind: "prepared", state: null, query: "", app: "" };

test("a blocker in one line", () => {
  expect(describeBlocker(session)).toBe(
    "pid 42 (role app, web-7) with RowExclusiveLock on app.t, its transaction 65 s old, idle in transaction: select 1",
  );
  expect(describeBlocker({ ...session, modes: [], tables: [], app: "", ageMs: null, state: null, query: "" })).toBe(
    "pid 42 (role app)",
  );
  expect(describeBlocker(prepared)).toBe(
    `prepared transaction "it's" of app with RowExclusiveLock on app.t, its transaction 65 s old`,
  );
  // What is kept and compared does not change with the time.
  expect(nameBlocker(session)).toBe(nameBlocker({ ...session, ageMs: 70_000 }));
  expect(nameBlocker(session)).toBe(
    "pid 42 (role app, web-7), idle in transaction, transaction since 2026-03-04 05:06:07 UTC",
  );
  expect(identityOf(session)).not.toBe(identityOf({ ...session, startedAt: new Date(0) }));
});

test("what a person can do: end a session, settle a prepared transaction, never an autovacuum", () => {
  expect(remedyFor([session])).toBe(
    "It goes on when this one has ended; to end it by force is for a person to decide: select pg_terminate_backend(42)",
  );
  expect(remedyFor([prepared, session])).toMatch(
    /these have ended.*: commit prepared 'it''s' or rollback prepared 'it''s'; select pg_terminate_backend\(42\)$/,
  );
  expect(remedyFor([{ ...session, kind: "autovacuum" }])).toBeNull();
  expect(remedyFor([{ ...session, kind: "wraparound" }])).toBeNull();
});

test("what a session does, how far it is, and for whom it waits", () => {
  const at: Activity = {
    pid: 7,
    revision: "a".repeat(12),
    app: "changeover ddl aaaaaaaaaaaa",
    query: "create index",
    ageMs: 9_000,
    progress: { phase: "building index: scanning table", of: "blocks", done: 1, total: 3 },
    wait: null,
  };
  expect(describeActivity(at)).toBe("runs create index, for 9 s, building index: scanning table, 33 %");
  expect(
    describeActivity({
      ...at,
      progress: null,
      query: "",
      ageMs: null,
      wait: { since: null, ageMs: 8_000, blockers: [session] },
    }),
  ).toBe(`runs a statement that this role may not see, waits 8 s for ${describeBlocker(session)}`);
});

test("who holds a runners' lock", () => {
  const holder = { name: "trunk", pid: 42, app: "changeover lock", holder: "ann@ci pid 7", since: session.startedAt };
  expect(describeHolder(holder)).toBe(
    "ann@ci pid 7 since 2026-03-04 05:06:07 UTC (server process 42, changeover lock)",
  );
  expect(describeHolder({ ...holder, holder: null, since: null, app: "" })).toBe("a runner (server process 42)");
});
