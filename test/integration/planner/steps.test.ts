import { beforeAll, expect, test } from "vitest";
import { tableFingerprint } from "../../../src/catalog/fingerprint.js";
import { readSnapshot } from "../../../src/catalog/read.js";
import type { Change } from "../../../src/change/change.js";
import { ensureJournal } from "../../../src/journal/install.js";
import type { Plan } from "../../../src/planner/plan.js";
import { planChange } from "../../../src/planner/planner.js";
import type { RevisionBody, Step } from "../../../src/revisions/revision.js";
import { loadParser } from "../../../src/sql/expression.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`
  create schema app;
  create table app.owners (id bigint primary key);
  create table app."Orders" (
    id bigint primary key,
    "Total" numeric(10,2) not null default 0 constraint total_positive check ("Total" >= 0),
    code text collate "C" unique,
    owner bigint references app.owners on delete set null,
    note text
  );
  create index on app."Orders" ("Total" desc nulls last) include (note) where "Total" > 10;
  create index on app."Orders" (lower(note), "Total");
  comment on column app."Orders"."Total" is 'in euros';
  alter table app."Orders" alter "Total" set statistics 500;
  create view app.totals with (security_barrier) as select id, "Total", note from app."Orders" where "Total" > 3;
  create view app.sums as select owner, sum("Total") as "Total" from app."Orders" group by owner;
  insert into app.owners select generate_series(1, 10);
  insert into app."Orders" select n, n, 'c' || n, 1 + n % 10, null from generate_series(1, 1000) n;
`);

const common = { table: { schema: "app", name: "Orders" }, onUserTriggers: "refuse", soakSeconds: 0 } as const;

beforeAll(async () => {
  await loadParser();
  await ensureJournal(database.db);
});

async function planned(change: Change): Promise<Plan> {
  const result = planChange({
    slug: "p",
    change,
    snapshot: await readSnapshot(database.db, change.table),
    target: null,
    impossibleViews: [],
    openPlans: [],
  });
  if (result.kind !== "plan") throw new Error(JSON.stringify(result, null, 2));
  return result.plan;
}

async function lines(): Promise<string[]> {
  const { table } = await readSnapshot(database.db, common.table);
  if (table === null) throw new Error("no table");
  return [...tableFingerprint(table).lines];
}

const here = (step: Step) => (step.server.from ?? 0) <= database.major && database.major < (step.server.below ?? 99);

/** Every statement of a revision, as its runner would send it. */
async function carryOut(revision: RevisionBody, direction: "upgrade" | "downgrade"): Promise<void> {
  for (const step of revision[direction].filter(here)) {
    await database.sql(step.sql);
    if (step.done !== null) expect(Object.values((await database.sql(step.done))[0] ?? {}), step.name).toEqual([true]);
  }
  if (direction === "upgrade" && revision.fill?.batch) {
    // In two passes.
    for (const at of [0, 1]) await database.sql(revision.fill.batch, ["(0,0)", "(100000,0)", 1, at]);
    expect(await database.sql(revision.fill.left, ["(0,0)", "(100000,0)"])).toEqual([{ count: "0" }]);
    expect(await database.sql(revision.fill.verify, ["(0,0)", "(100000,0)"])).toEqual([{ rows: "1000", apart: "0" }]);
    expect(await database.sql(revision.fill.mismatches, ["(0,0)", "(100000,0)"])).toEqual([]);
  }
}

test.each<[string, Change]>([
  ["rename_column total", { ...common, kind: "rename_column", column: "Total", to: "Ämount", allow: [] }],
  [
    "rename_column code",
    { ...common, kind: "rename_column", column: "code", to: "order", allow: ["unique-twin-upsert"] },
  ],
  ["rename_column owner", { ...common, kind: "rename_column", column: "owner", to: "owner_id", allow: [] }],
  [
    "set_not_null with fill",
    {
      ...common,
      kind: "set_not_null",
      column: "note",
      transform: null,
      fill: "'n/a ' || \"Ämount\"",
      allow: ["fill-may-be-null"],
    },
  ],
])("%s: forwards, back, and forwards to the end", async (_title, change) => {
  const before = await lines();
  const plan = await planned(change);
  const reversible = plan.revisions.filter((r) => r.phase !== "contract");
  for (const revision of reversible) await carryOut(revision, "upgrade");
  for (const revision of reversible.toReversed()) await carryOut(revision, "downgrade");
  expect(await lines()).toEqual(before);
  for (const revision of plan.revisions) await carryOut(revision, "upgrade");
  const after = await lines();
  expect(after.filter((line) => /changeover/.test(line))).toEqual([]);
  // The change itself and nothing besides: as many objects as before (what each became, the golden cases show).
  expect(after).toHaveLength(before.length);
});
