/** What stands in a change's way is told at once: what is refused, and the hazards that would be met next. */
import { expect, test } from "vitest";
import { planUseCase } from "../../../src/app/plan.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { refusal } from "../../unit/revisions/make.js";

const database = useDatabase(`
  create table public.orders (id integer primary key, total integer default 0);
  create materialized view public.totals as select total from public.orders;
  create unique index on public.orders (total);
`);
const project = useProject(() => database.url);

async function planned(more = "") {
  const change = `change: rename_column\ntable: public.orders\ncolumn: total\nto: amount\n${more}`;
  await project.writeChange("0001-orders", change);
  const thrown = await project
    .run((app) => planUseCase(app, "orders", { write: false, force: false }))
    .catch((error: unknown) => () => {
      throw error;
    });
  return refusal(typeof thrown === "function" ? thrown : () => undefined);
}

test("refusals and hazards together, with one line that allows the hazards", async () => {
  const both = await planned("allow: [published-table]\n");
  expect(both).toMatchObject({
    code: "refused",
    message: "The change is refused for 3 reasons, 2 of them hazards that it may allow.",
    hint: "If the hazards are acceptable, say so in change.yaml: allow: [published-table, explicit-null, unique-twin-upsert].",
  });
  expect(both.details.map((line) => line.split(":")[0])).toEqual([
    "materialized-view",
    expect.stringMatching(/^ {4}\S/),
    "hazard explicit-null",
    "hazard unique-twin-upsert",
  ]);
});

test("hazards alone, and the last one of them with what is allowed already", async () => {
  await database.sql("drop materialized view public.totals");
  expect(await planned()).toMatchObject({
    code: "hazard",
    message: "The change is refused for 2 reasons, all of them hazards that it may allow.",
    hint: "If the hazards are acceptable, say so in change.yaml: allow: [explicit-null, unique-twin-upsert].",
  });
  expect(await planned("allow: [explicit-null]\n")).toMatchObject({
    code: "hazard",
    details: ["reason unique-twin-upsert"],
    hint: "If that is acceptable, say so in change.yaml: allow: [explicit-null, unique-twin-upsert].",
  });
});
