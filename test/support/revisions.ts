/** Revisions made by hand, as values, for tests of what carries them out. */
import { createHash } from "node:crypto";
import type { LockMode, Revision, Step } from "../../src/revisions/revision.js";
import { type SqlText, trusted } from "../../src/sql/text.js";

export function text(statement: string): SqlText {
  return trusted(statement, "reviewed");
}

/** A step with an ACCESS EXCLUSIVE lock on app.t and short timeouts, unless it says otherwise. */
export function step(name: string, statement: string, more: Partial<Step> = {}): Step {
  return {
    name,
    title: "",
    sql: text(statement),
    locks: [lock("t")],
    lockTimeoutMs: 300,
    statementTimeoutMs: 5000,
    work: "catalog",
    server: {},
    done: null,
    heals: null,
    ...more,
  };
}

export function lock(name: string, mode: LockMode = "ACCESS EXCLUSIVE"): Step["locks"][number] {
  return { table: { schema: "app", name }, mode };
}

/** An expand revision of plan `orders` on app.t, unless it says otherwise. */
export function revision(name: string, more: Partial<Revision> = {}): Revision {
  return {
    id: createHash("sha256").update(name).digest("hex").slice(0, 12),
    parents: [],
    dependsOn: [],
    checksum: "c",
    text: `-- ${name}`,
    file: `plans/0001-orders/1-${name}.sql`,
    plan: "orders",
    name,
    title: `Title of ${name}`,
    change: "rename_column app.t.a to b",
    lane: "trunk",
    phase: "expand",
    runner: "transactional",
    scope: { table: { schema: "app", name: "t" }, columns: ["a"], added: "b", notNull: null },
    expects: [],
    gate: [],
    undoGate: [],
    deploy: null,
    irreversible: null,
    upgrade: [],
    downgrade: [],
    fill: null,
    ...more,
  };
}
