/** A runner in a process of its own, to be killed: `node kill.child.js <url> <revision>`. Tells on stdout where it is. */
import { writeSync } from "node:fs";
import { acquireLock } from "../../../src/db/lock.js";
import { openDatabase } from "../../../src/db/pool.js";
import { runAutocommit } from "../../../src/runner/autocommit.js";
import { DEFAULT_DDL_POLICY } from "../../../src/runner/context.js";
import { runTransactional } from "../../../src/runner/transactional.js";
import { expand, indexes } from "./kill.revisions.js";

const [url = "", name = ""] = process.argv.slice(2);
const db = openDatabase({ url, applicationName: "changeover child", connectTimeoutMs: 5000 });
const { signal } = new AbortController();
const lock = await acquireLock(db, {
  name: "trunk",
  holder: "child",
  waitMs: 5000,
  signal,
  onWaiting: () => undefined,
});
const ctx = {
  db,
  emit: (event: { kind: string; step?: string }) =>
    void writeSync(1, `${[event.kind, event.step].filter((word) => word !== undefined).join(" ")}\n`),
  actor: "child",
  lock,
  signal,
  ddl: DEFAULT_DDL_POLICY,
};
if (name === "expand") await runTransactional(ctx, expand, "upgrade");
else await runAutocommit(ctx, indexes, "upgrade");
await lock.release();
await db.close();
