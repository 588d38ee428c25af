/** A view that somebody changes while a plan is under way: it is told before anything runs, not made again as it was. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";
import { upgradeTo } from "./switching.js";

const database = useDatabase("create schema app");
const project = useProject(() => database.url);
const rollout = rolloutOf(project, "orders");

beforeEach(async () => {
  await rm(join(project.directory, "plans"), { recursive: true, force: true });
  await database.sql(`drop schema if exists changeover cascade; drop schema app cascade; create schema app;
    create table app.orders (id bigint primary key, total integer);
    create view app.open as select id, total from app.orders where total > 0;
    create view app.over as select total from app.open;
    insert into app.orders select n, n from generate_series(1, 20) n`);
});

const drift = (...details: string[]) => ({ code: "drift", exitCode: 5, details });

async function filled(change: string): Promise<void> {
  await project.writeChange(
    "0001-orders",
    `table: app.orders\ncolumn: total\nallow: [client-type-change]\nsoak: 0s\n${change}`,
  );
  await rollout.plan(true);
  await rollout.upgrade("head");
}

test("a change of type: the view, one over it, and one more", async () => {
  await filled("change: change_type\ntype: bigint\n");
  await rollout.drain();
  await rollout.confirm();
  for (const [statement, back, object] of [
    ["comment on view app.open is 'mine'", "comment on view app.open is null", "~ view app.open"],
    ["grant select on app.over to public", "revoke select on app.over from public", "~ view app.over"],
    ["create view app.more as select total from app.over", "drop view app.more", "+ view app.more"],
  ] as const) {
    await database.sql(statement);
    await expect(upgradeTo(project, rollout, "switch")).rejects.toMatchObject(drift(object));
    await database.sql(back);
  }
  await rollout.upgrade("@head");
});

test("a rename: before the views are turned; what is over them is nobody's matter", async () => {
  await filled("change: rename_column\nto: amount\n");
  await database.sql("create or replace view app.open as select id, total from app.orders where total > 1");
  const drained = await rollout.drain();
  expect([drained.exitCode, drained.lines.join("\n")]).toEqual([5, expect.stringContaining("~ view app.open")]);
  await database.sql("create or replace view app.open as select id, total from app.orders where total > 0");
  await database.sql("create view app.more as select total from app.over");
  expect((await rollout.drain()).exitCode).toBe(0);
  await rollout.finish();
  expect(await database.sql("select total from app.more order by 1 limit 1")).toEqual([{ total: 1 }]);
});
