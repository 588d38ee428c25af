/** A plan as it is rolled out, cut off wherever a test wants it to stand. */
import { NO_LIMITS } from "../../../src/journal/limits.js";
import type {
  Evidence,
  FillProgress,
  JournalPlan,
  JournalRevision,
  RevisionState,
} from "../../../src/journal/state.js";
import type { GateCondition, Phase, Revision, Step } from "../../../src/revisions/revision.js";
import { trusted } from "../../../src/sql/text.js";
import { noEvidence } from "../../../src/status/gates.js";
import type { StatusInput } from "../../../src/status/input.js";
import { type Live, NOBODY } from "../../../src/status/runners.js";

export const at = (time: string) => new Date(`2026-03-04T${time.length === 5 ? `${time}:00` : time}Z`);
export const table = { schema: "app", name: "orders" };

export function step(name: string, over: Partial<Step> = {}): Step {
  return {
    name,
    title: "",
    sql: trusted("select 1", "constant"),
    locks: [],
    lockTimeoutMs: 0,
    statementTimeoutMs: 0,
    work: "catalog",
    server: {},
    done: null,
    heals: null,
    ...over,
  };
}

export function revision(id: string, over: Partial<Revision> = {}): Revision {
  return {
    id: id.repeat(12).slice(0, 12),
    parents: [],
    dependsOn: [],
    checksum: "c",
    text: `-- changeover revision ${id}\n`,
    file: `plans/0004-orders-total/${id}.sql`,
    plan: "orders-total",
    name: id,
    title: `does ${id}`,
    change: "rename_column app.orders.total to amount",
    lane: "tail",
    phase: null,
    runner: "transactional",
    scope: { table, columns: ["total"], added: "amount", notNull: null },
    expects: [],
    gate: [],
    undoGate: [],
    deploy: null,
    irreversible: null,
    upgrade: [step("up")],
    downgrade: [step("down")],
    fill: null,
    ...over,
  };
}

const allowed = (oldCode: boolean, newCode: boolean) => ({
  oldCode: { allowed: oldCode, reason: oldCode ? "its writes are mirrored" : "its column is gone" },
  newCode: { allowed: newCode, reason: newCode ? "the column is complete" : "rows are not filled yet" },
});

export const GATE: readonly GateCondition[] = [
  { kind: "backfill" },
  { kind: "verified" },
  { kind: "settled" },
  { kind: "confirmed" },
  { kind: "quiet", side: "old", soakSeconds: 86_400 },
  { kind: "functions", table, column: "total" },
];

const lock = { locks: [{ mode: "ACCESS EXCLUSIVE" as const, table }], lockTimeoutMs: 1500 };
const phases: readonly [string, Phase, Partial<Revision>][] = [
  ["a", "expand", { name: "expand", lane: "trunk", deploy: allowed(true, false), downgrade: [step("drop", lock)] }],
  [
    "b",
    "dual-write",
    {
      name: "dual-write",
      lane: "trunk",
      deploy: allowed(true, false),
      undoGate: [{ kind: "idle", side: "new", soakSeconds: 86_400 }],
      downgrade: [step("triggers", lock), step("column", lock)],
    },
  ],
  ["c", "backfill", { name: "fill", runner: "backfill", deploy: allowed(true, false), downgrade: [] }],
  ["d", "backfill", { name: "validate", runner: "autocommit", deploy: allowed(true, true), downgrade: [] }],
  ["e", "contract", { name: "drop", gate: GATE, deploy: allowed(false, true), irreversible: "the old column is gone" }],
];

/** expand (a), dual-write (b), fill (c), validate (d), drop (e) */
export const PLAN: readonly Revision[] = phases.map(([id, phase, over], n) =>
  revision(id, {
    phase,
    parents: n === 0 ? [] : [phases[n - 1]?.[0].repeat(12) ?? ""],
    file: `plans/0004-orders-total/${n + 1}-${over.name}.sql`,
    ...over,
  }),
);

/** The same, in place: no column of its own, and a fill that writes into the one that was there. */
export const NOT_NULL: readonly Revision[] = PLAN.map((one) => ({
  ...one,
  change: "set_not_null app.orders.total, NULLs become 0",
  scope: { table, columns: ["total"], added: null, notNull: "total" },
  fill:
    one.name !== "fill"
      ? null
      : {
          table,
          strategy: "windows",
          reason: "SQL computes the values",
          transform: null,
          userTriggers: "none",
          key: ["id"],
          batch: trusted("update", "constant"),
          left: trusted("select", "constant"),
          due: trusted("select", "constant"),
          one: trusted("update", "constant"),
          verify: trusted("select", "constant"),
          mismatches: trusted("select", "constant"),
          forth: null,
          back: null,
        },
}));

export function row(of: Revision, state: RevisionState = "done", minute = 0): JournalRevision {
  const finished = state === "done" || state === "undoing";
  const time = new Date(at("08:00").getTime() + minute * 60_000);
  return {
    ...of,
    state,
    startedAt: time,
    finishedAt: finished ? time : null,
    actor: "ann",
    error: state === "blocked" ? { code: "lock", message: "No lock in 10 min.", hint: null, details: [] } : null,
  };
}

export const opened: JournalPlan = {
  slug: "orders-total",
  change: "rename_column app.orders.total to amount",
  kind: "rename_column",
  table,
  columns: ["total"],
  openedAt: at("08:00"),
  pausedAt: null,
  pausedBy: null,
  opens: null,
  limits: NO_LIMITS,
};

export function fillOf(over: Partial<FillProgress> = {}): FillProgress {
  return {
    revision: "cccccccccccc",
    pages: 1000,
    pagesDone: 625,
    rowsEstimated: 1_000_000,
    rowsDone: 625_000,
    slices: { due: 3, leased: 2, blocked: 0, done: 5 },
    workers: ["w1", "w2"],
    failures: [],
    quarantined: over.failures?.length ?? 0,
    skipped: 0,
    hotShare: 0.86,
    startedAt: at("08:02"),
    rowsPerSecond: 5000,
    walBytes: 337_500_000,
    samples: [],
    ...over,
  };
}

export type Scene = {
  /** states of the plan's first revisions; the others are pending */
  readonly states?: readonly RevisionState[];
  readonly plan?: Partial<JournalPlan> | null;
  readonly fills?: readonly FillProgress[];
  readonly evidence?: Partial<Evidence>;
  readonly folder?: readonly Revision[];
  readonly live?: Live;
  readonly undoTarget?: string;
  readonly declared?: StatusInput["declared"];
  readonly unreadable?: StatusInput["unreadable"];
};

/** At noon; each applied revision was done a minute after the one before it, from 08:00 on. */
export function scene(given: Scene): StatusInput {
  const { states = [], plan = {}, fills = [], evidence, folder = PLAN, live = NOBODY, undoTarget } = given;
  const rows = states.flatMap((state, n) => (PLAN[n] === undefined ? [] : [row(PLAN[n], state, n)]));
  const now = at("12:00");
  return {
    now,
    folder,
    applied: PLAN.slice(0, states.length),
    journal: {
      meta: { format: 1, uuid: "u", systemIdentifier: "1", database: "d" },
      plans: plan === null || (states.length === 0 && Object.keys(plan).length === 0) ? [] : [{ ...opened, ...plan }],
      revisions: rows,
      fills,
    },
    evidence: new Map(evidence === undefined ? [] : [["orders-total", { ...noEvidence(now), ...evidence }]]),
    live,
    declared: given.declared ?? [],
    unreadable: given.unreadable ?? [],
    undoTargets: new Map(undoTarget === undefined ? [] : [["orders-total", undoTarget]]),
  };
}

const none = { lastAt: null, writers: [], lastConnected: null };
/** All that the gate of `drop` asks for. */
export const COMPLETE: Partial<Evidence> = {
  verification: {
    startedAt: at("08:10"),
    finishedAt: at("08:20"),
    rows: 1_000_000,
    mismatches: 0,
    keys: [],
    skipped: 0,
    lost: 0,
    lostKeys: [],
    mirror: {},
    fraction: 1,
  },
  confirmation: { release: "v2", despite: [], reason: null, actor: "ann", at: at("10:00"), mirror: {} },
  sightedSince: new Date("2026-03-01T08:00:00Z"),
  sightings: { old: { side: "old", ...none }, new: { side: "new", ...none } },
  mirror: { table: "there", faults: [], stamps: {}, trusted: {} },
  functionsNaming: new Map([["total", []]]),
};
