/** A column that code fills, through the whole life of its plan, as old code goes on writing NULLs. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { confirmUseCase } from "../../../src/app/confirm.js";
import { planUseCase } from "../../../src/app/plan.js";
import { listQuarantineUseCase, retryQuarantineUseCase } from "../../../src/app/quarantine.js";
import { statusUseCase } from "../../../src/app/status.js";
import { useProject } from "../../support/app.js";
import { letTickPass } from "../../support/clock.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";
import { columnsOf } from "../../support/table.js";

const PEOPLE = `
  drop schema if exists app cascade; create schema app;
  create table app.people (id bigint primary key, first_name text not null, last_name text, display_name varchar(40));
  insert into app.people select g, 'First' || g, case when g % 3 = 0 then null else 'Last' || g end, null
    from generate_series(1, 3000) g;`;

const MODULE = `import { defineChange } from "changeover";
import { join } from "./names.ts";

export default defineChange({
  change: "set_not_null",
  table: "app.people",
  column: "display_name",
  transform: { columns: ["first_name", "last_name"], row: ({ first_name, last_name }) => join(first_name, last_name) },
  soak: "0s",
});
`;
const NAMES = `export const join = (...parts: unknown[]) => parts.filter((part) => part !== null).join(" ");\n`;
const FOLDER = "0001-names";

const database = useDatabase();
const project = useProject(() => database.url);
const rollout = rolloutOf(project, "names");
const nulls = async () =>
  Number((await database.sql("select count(*) as n from app.people where display_name is null"))[0]?.n);
const wrong = async () =>
  Number(
    (
      await database.sql(
        "select count(*) as n from app.people where display_name is distinct from concat_ws(' ', first_name, last_name)",
      )
    )[0]?.n,
  );
const code = (text: string, file = "change.ts") => writeFile(join(project.directory, "plans", FOLDER, file), text);
const status = () => project.run((app) => statusUseCase(app, { plan: "names", require: null }));
const gate = async () => (await status()).report.plans[0]?.gates[0]?.conditions.find(({ kind }) => kind === "verified");

/** A session of its own, gone at once. */
async function asOldCode(statements: string): Promise<void> {
  const client = await database.client();
  await client.query(statements);
  await client.end();
  await letTickPass(database.sql);
}

async function startOver(): Promise<void> {
  await database.sql("drop schema if exists changeover cascade");
  await database.sql(PEOPLE);
  await rm(join(project.directory, "plans"), { recursive: true, force: true });
  await project.writeChange(FOLDER, MODULE, "change.ts");
  await code(NAMES, "names.ts");
  await rollout.plan(true);
}

describe("from its plan to its end", () => {
  beforeAll(startOver);

  test("the fill's revision names the code by its checksum, what it reads, and why", () => {
    const fill = rollout.files()["2-backfill.fill.sql"] ?? "";
    expect(fill).toMatch(/^-- fill strategy {7}cursor: change\.ts computes the values/m);
    expect(fill).toMatch(/^-- fill transform {6}[0-9a-f]{64} change\.ts$/m);
    expect(fill).toContain("-- fill reads          first_name, last_name\n");
    expect(fill).toContain("-- fill value          character varying\n");
    expect(rollout.files()["3-contract.constrain.sql"]).toContain(
      "-- gate                verified since the confirm\n",
    );
  });

  test("rows are filled by it, and NULLs that are written later are noted, and no reason to wait", async () => {
    await rollout.upgrade("head");
    await asOldCode("insert into app.people values (5001, 'New', 'One', null)");
    const { lines, exitCode } = await rollout.drain();
    expect([lines.join("\n"), exitCode]).toEqual([expect.stringContaining("at a gate"), 0]);
    expect([await nulls(), await wrong()]).toEqual([0, 0]);
    await asOldCode(
      "insert into app.people values (5002, 'New', 'Two', null); update app.people set display_name = null where id = 7",
    );
    // Somebody still writes them: not every look is followed by another at once.
    expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
    expect(await nulls()).toBe(2);
    // After a while it is.
    await database.sql(`update changeover.verification
      set started_at = started_at - interval '5 minutes', finished_at = finished_at - interval '5 minutes'`);
    await database.sql(
      "update changeover.revision set finished_at = finished_at - interval '6 minutes' where name = 'fill'",
    );
    expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
    expect([await nulls(), await wrong()]).toEqual([0, 0]);
  });

  test("after the confirm a worker finds the last of them, and the gate opens for what it saw then", async () => {
    await asOldCode("insert into app.people values (5003, 'New', null, null)");
    await rollout.confirm();
    expect(await gate()).toMatchObject({ met: false });
    await expect(rollout.upgrade("@head")).rejects.toMatchObject({ code: "gate" });
    expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
    expect([await nulls(), await wrong()]).toEqual([0, 0]);
    expect(await gate()).toMatchObject({ met: true });
    const { ran } = await rollout.upgrade("@head");
    expect(ran.map(({ name }) => name)).toEqual(["constrain", "validate", "set-not-null"]);
    await expect(database.sql("insert into app.people values (9, 'a', 'b', null)")).rejects.toThrow(/null/);
    expect(await columnsOf(database, { schema: "app", name: "people" })).toHaveLength(4);
  });
});

describe("without its code", () => {
  beforeAll(startOver);

  test("what only asks or takes back works, and no worker pretends to fill", async () => {
    await rollout.upgrade("head");
    await rm(join(project.directory, "plans", FOLDER, "change.ts"));
    expect(await rollout.drain()).toMatchObject({
      exitCode: 2,
      plans: [
        { state: "blocked", error: { code: "not-found", message: expect.stringContaining("code that is not here") } },
      ],
    });
    expect((await status()).report.plans[0]).toMatchObject({
      backfill: { strategy: expect.stringMatching(/^cursor, because/) },
    });
    expect(await rollout.check()).toMatchObject({ revisions: 5 });
    await rollout.downgrade("base");
    expect(await nulls()).toBe(3000);
  });

  test("what is there is not run by who only looks at it", async () => {
    await startOver();
    Object.assign(globalThis, { ran: 0 });
    await code(`${MODULE}(globalThis as unknown as { ran: number }).ran += 1;\n`);
    await project.run((app) => planUseCase(app, "names", { write: true, force: true }));
    Object.assign(globalThis, { ran: 0 });
    await rollout.check();
    await rollout.upgrade("head");
    await status();
    await rollout.downgrade("base");
    expect(globalThis).toMatchObject({ ran: 0 });
  });

  test("one that was edited is noticed as an edited file is, before any of it runs", async () => {
    await startOver();
    // Whoever runs it is told by the error.
    await code(`throw new Error("it was run");\n`, "change.ts");
    const edited = { code: "checksum", exitCode: 5, message: "The code of names's fill is not what was reviewed." };
    await expect(rollout.upgrade("head")).rejects.toMatchObject(edited);
    await expect(rollout.check()).rejects.toMatchObject(edited);
    expect((await status()).report.problems).toMatchObject([{ plan: "names", message: edited.message }]);
    await code(MODULE);
    await rollout.upgrade("head");
    await code(`${NAMES}// edited\n`, "names.ts");
    expect(await rollout.drain()).toMatchObject({ exitCode: 5, plans: [{ state: "blocked", error: edited }] });
    expect(await nulls()).toBe(3000);
    await rollout.downgrade("base");
  });

  test("code from elsewhere is refused when it is planned", async () => {
    await startOver();
    await code(MODULE.replace("./names.ts", "../names.ts"));
    await expect(rollout.plan(false)).rejects.toMatchObject({
      code: "change-invalid",
      message: "change.ts imports ../names.ts, which lies outside of the plan's folder.",
    });
    await code(MODULE.replace('"first_name", "last_name"]', '"first_name", "nobody"]'));
    await expect(rollout.plan(false)).rejects.toMatchObject({
      message: expect.stringContaining("transform reads nobody"),
    });
  });
});

describe("rows that it cannot fill", () => {
  test("are listed with what it said, and tried again when somebody asks", async () => {
    await startOver();
    await code(
      `export const join = (first: unknown, last: unknown) => {
      if (first === "First42" && (globalThis as { mended?: boolean }).mended !== true) throw new RangeError("no name for 42");
      return [first, last].filter((part) => part !== null).join(" ");
    };\n`,
      "names.ts",
    );
    await project.run((app) => planUseCase(app, "names", { write: true, force: true }));
    await rollout.upgrade("head");
    expect(await rollout.drain()).toMatchObject({ exitCode: 1, plans: [{ state: "blocked" }] });
    expect(await nulls()).toBe(1);
    expect(await project.run((app) => listQuarantineUseCase(app, "names"))).toMatchObject([
      { row: "id=42", sqlstate: "38000", message: "transform threw RangeError: no name for 42", state: "waiting" },
    ]);
    Object.assign(globalThis, { mended: true });
    expect(await project.run((app) => retryQuarantineUseCase(app, "names", null))).toMatchObject({ rows: 1 });
    expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
    expect([await nulls(), await wrong()]).toEqual([0, 0]);
  });
});

test("no write of old or of new code fails or is lost while workers fill, and none is left without a value", async () => {
  await startOver();
  await rollout.upgrade("head");
  /** What each row has to hold in the end; null: what the transform gives. */
  const expected = new Map<number, string | null>();
  const writing = new AbortController();
  const write = async (name: string, own: (n: number) => string | null) => {
    const client = await database.client({ application_name: name });
    for (let n = 0; !writing.signal.aborted; n += 1) {
      const id = (name === "old" ? 10_000 : 20_000) + n;
      const [value, old] = [own(n), 1 + ((n * 7) % 3000)];
      await client.query("insert into app.people values ($1, 'New', $2, $3)", [id, `n${n}`, value]);
      expected.set(id, value);
      // Each has half of the rows that were there: who writes what is then known.
      if (old % 2 === (name === "old" ? 0 : 1)) {
        await client.query("update app.people set first_name = first_name, display_name = $2 where id = $1", [
          old,
          value,
        ]);
        expected.set(old, value);
      }
    }
    await client.end();
  };
  const writers = [write("old", () => null), write("new", (n) => `own ${n}`)];
  const [first, second] = await Promise.all([rollout.drain(), rollout.drain()]);
  writing.abort();
  await Promise.all(writers);
  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(expected.size).toBeGreaterThan(10);
  await letTickPass(database.sql);
  await project.run((app) => confirmUseCase(app, { plan: "names", release: "v2", despite: [], reason: null }));
  expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
  await rollout.upgrade("@head");
  const rows = await database.sql<{ id: string; is: string; made: string }>(
    "select id, display_name as is, concat_ws(' ', first_name, last_name) as made from app.people",
  );
  expect(rows.filter(({ id, is, made }) => is !== (expected.get(Number(id)) ?? made))).toEqual([]);
});
