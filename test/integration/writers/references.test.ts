/** What a foreign key does to the column by itself reaches both sides, with the old key alone and with its twin beside it. */
import { expect, test } from "vitest";
import { planUseCase } from "../../../src/app/plan.js";
import { upgradeUseCase } from "../../../src/app/upgrade.js";
import { workerUseCase } from "../../../src/app/worker.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`
  create schema app;
  create table app.owners (code text primary key);
  insert into app.owners select 'o' || n from generate_series(0, 99) n;
  create table app.cascades (id integer primary key, owner text references app.owners on update cascade on delete cascade);
  create table app.nulls (id integer primary key, owner text references app.owners on update set null on delete set null);
  create table app.defaults (id integer primary key,
    owner text not null default 'o0' references app.owners on update set default on delete set default);
  insert into app.cascades select n, 'o' || n % 100 from generate_series(1, 400) n;
  insert into app.nulls select id, owner from app.cascades;
  insert into app.defaults select id, owner from app.cascades;
`);
const project = useProject(() => database.url);

const upgrade = (target: string) =>
  project.run((app) =>
    upgradeUseCase(app, {
      ...{ target, fresh: false, sqlOnly: false, concurrency: 2 },
      ...{ lockWaitMs: 20_000, deadlineMs: 30_000 },
    }),
  );

test("cascades, set null and set default", async () => {
  const tables = ["cascades", "nulls", "defaults"];
  for (const [n, table] of tables.entries()) {
    const change = ["change: rename_column", `table: app.${table}`, "column: owner", "to: owned_by", "soak: 0s"];
    await project.writeChange(`000${n + 1}-${table}`, change.join("\n"));
    await project.run((app) => planUseCase(app, table, { write: true, force: false }));
  }
  let next = 1;
  /** An owner is renamed and another one goes; what the rows of both hold then, on each side. */
  const happens = async () => {
    const [renamed, gone] = [next++, next++];
    await database.sql(`update app.owners set code = 'renamed ' || code where code = 'o${renamed}'`);
    await database.sql(`delete from app.owners where code = 'o${gone}'`);
    for (const [table, onUpdate, onDelete] of [
      ["cascades", `renamed o${renamed}`, undefined],
      ["nulls", null, null],
      ["defaults", "o0", "o0"],
    ] as const) {
      for (const [of, owner] of [[renamed, onUpdate] as const, [gone, onDelete] as const]) {
        const rows = await database.sql(`select owner, owned_by from app.${table} where id % 100 = ${of}`);
        expect(rows, table).toEqual(owner === undefined ? [] : Array(4).fill({ owner, owned_by: owner }));
      }
    }
  };

  await upgrade("head");
  await happens();
  await project.run((app) => workerUseCase(app, { drain: true, concurrency: 2, plan: null, pollMs: 50 }));
  const twins = "select count(*)::integer as n from pg_constraint where contype = 'f' and conname like 'changeover%'";
  expect(await database.sql(twins)).toEqual([{ n: 3 }]);
  await happens();
  const apart = tables.map((table) => `select id from app.${table} where owner is distinct from owned_by`);
  expect(await database.sql(apart.join(" union all "))).toEqual([]);
});
