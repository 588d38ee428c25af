/**
 * Every refusal and every hazard of the planner, made real in a database: `plan` refuses by that name, and has changed
 * nothing. A name in the planner's source without a row here fails.
 */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type PlanResult, planUseCase } from "../../src/app/plan.js";
import { HAZARD_NAMES, HAZARDS, isHazardName } from "../../src/change/hazards.js";
import { isChangeoverError } from "../../src/errors.js";
import { useProject } from "../support/app.js";
import { PG_MAJOR, useDatabase } from "../support/database.js";
import { reasonsOf, refusalsInSource } from "../support/refusals.js";
import { HAZARD_ROWS, REFUSALS, ROLE, type Row } from "./refusals.rows.js";

const EXIT_CODES = { refused: 7, hazard: 7, "not-found": 2, privilege: 1 } as const;
const CLEAN = `
  do $$ begin alter extension plpgsql drop view app.v; exception when others then null; end $$;
  drop view if exists pg_temp.refused_view;
  drop publication if exists refused;
  drop table if exists pg_temp.refused;
  drop schema if exists app cascade;
  drop access method if exists refused_heap;
  drop foreign data wrapper if exists refused_wrapper cascade;
  delete from pg_seclabel where provider = 'none';
  create schema app;
  create table app.t (id integer primary key, a text, b integer);`;
const LINES = {
  rename_column: { change: "rename_column", table: "app.t", column: "a", to: "z" },
  set_not_null: { change: "set_not_null", table: "app.t", column: "a", fill: "'x'" },
  change_type: { change: "change_type", table: "app.t", column: "a", type: "varchar(9)" },
} as const;

const database = useDatabase();
const project = useProject(() => database.url);

beforeAll(async () => {
  await database.sql(`do $$ begin create role ${ROLE} login password '${ROLE}';
    exception when duplicate_object or unique_violation then null; end $$`);
});

beforeEach(async () => {
  await rm(join(project.directory, "plans"), { recursive: true, force: true });
  await database.sql(CLEAN);
});

/** The change of a row as a file, with further lines of its own. */
function yamlOf(row: Pick<Row, "of" | "change">, found: string, more: Row["change"] = {}): string {
  const usual = LINES[row.of === "any" ? "rename_column" : row.of];
  const lines = Object.entries({ ...usual, ...row.change, ...more }).filter(([, value]) => value !== null);
  return lines
    .map(([key, value]) => `${key}: ${["fill", "using", "reverse"].includes(key) ? JSON.stringify(value) : value}\n`)
    .join("")
    .replace("$1", found);
}

async function prepare(row: Row): Promise<string> {
  if (row.setup !== undefined) await database.sql(row.setup);
  if (row.other !== undefined) {
    await project.writeChange("0001-other", yamlOf({ of: "rename_column", change: row.other }, ""));
    await project.run((app) => planUseCase(app, "other", { write: true, force: false }));
  }
  if (row.lookup === undefined) return "";
  return Object.values((await database.sql<Record<string, string>>(row.lookup))[0] ?? {})[0] ?? "";
}

const fileOf = ({ module }: Row) => (module === undefined ? "change.yaml" : "change.ts");

async function plan(row: Row, yaml: string): Promise<PlanResult> {
  await project.writeChange("0002-change", row.module ?? yaml, fileOf(row));
  const url = new URL(database.url);
  if (row.asRole === true) [url.username, url.password] = [ROLE, ROLE];
  return project.run((app) => planUseCase(app, "change", { write: true, force: false }), { url: url.toString() });
}

/** Which version of each object of the catalog there is. */
async function catalog(): Promise<string> {
  const of = (table: string) => `select '${table}' || ctid || ' ' || xmin as version from ${table}`;
  const tables = [
    "pg_class",
    "pg_attribute",
    "pg_proc",
    "pg_constraint",
    "pg_trigger",
    "pg_type",
    "pg_namespace",
    "pg_index",
  ];
  const [row] = await database.sql<{ versions: string }>(
    `select md5(string_agg(version, ',' order by version)) as versions from (${tables.map(of).join(" union all ")}) as all_of_them`,
  );
  return row?.versions ?? "";
}

/** Refused with this code for this reason alone (hazards may be told beside it), and nothing written anywhere. */
async function expectRefusal(row: Row, code: keyof typeof EXIT_CODES, yaml: string): Promise<void> {
  const before = await catalog();
  const error: unknown = await plan(row, yaml).then(
    (result) => expect.fail(`planned: ${result.kind}`),
    (reason: unknown) => reason,
  );
  expect(reasonsOf(error).filter((name) => name === row.name || !isHazardName(name))).toEqual([row.name]);
  expect(isChangeoverError(error) ? [error.code, error.exitCode, error.where] : []).toEqual([
    code,
    EXIT_CODES[code],
    expect.stringContaining(`0002-change/${fileOf(row)}`),
  ]);
  expect(isChangeoverError(error) ? error.hint : "").toMatch(/\S/);
  expect(await readdir(join(project.directory, "plans", "0002-change"))).toEqual([fileOf(row)]);
  expect(await catalog()).toBe(before);
}

const titled = <R extends Row>(rows: readonly R[]) =>
  rows
    .filter((row) => PG_MAJOR >= (row.from ?? 0) && PG_MAJOR < (row.below ?? 99))
    .map((row) => [[`${row.of}/${row.name}`, row.case].filter((part) => part !== undefined).join(": "), row] as const);

test("every refusal has a row", () => {
  expect([...new Set(REFUSALS.map((row) => `${row.of}/${row.name}`))].sort()).toEqual(refusalsInSource());
});

test("every hazard has a row", () => {
  expect([...new Set(HAZARD_ROWS.map((row) => row.name))].sort()).toEqual([...HAZARD_NAMES].sort());
});

describe("refused", () => {
  test.each(titled(REFUSALS))("%s", async (_, row) => {
    const found = await prepare(row);
    await expectRefusal(row, row.code ?? "refused", yamlOf(row, found));
  });
});

describe("hazard", () => {
  test.each(titled(HAZARD_ROWS))("%s", async (_, row) => {
    const found = await prepare(row);
    const notice = isHazardName(row.name) && HAZARDS[row.name].notice;
    if (!notice) await expectRefusal(row, "hazard", yamlOf(row, found));
    const planned = await plan(row, yamlOf(row, found, notice ? {} : { allow: `[${row.name}]` }));
    expect(planned).toMatchObject({ kind: "plan", written: true });
    expect(
      planned.kind === "plan" ? planned.plan.hazards.map(({ name, notice: told }) => ({ name, notice: told })) : [],
    ).toContainEqual({
      name: row.name,
      notice,
    });
  });
});
