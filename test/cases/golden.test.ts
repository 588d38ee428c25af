/**
 * Every case of `test/cases/`, through its whole life: what is planned for it, all the way there and back, and an end that
 * is the ideal DDL's. What a case folder holds: `test/support/golden.ts`.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { loadModule } from "../../src/app/module.js";
import type { Change } from "../../src/change/change.js";
import { changeOf } from "../../src/change/define.js";
import { parseChange } from "../../src/change/parse.js";
import { silent } from "../../src/events.js";
import { ensureJournal } from "../../src/journal/install.js";
import { loadParser } from "../../src/sql/expression.js";
import { useProject } from "../support/app.js";
import { letTickPass } from "../support/clock.js";
import { PG_MAJOR, useDatabase } from "../support/database.js";
import { expectedFiles, type GoldenCase, goldenCases } from "../support/golden.js";
import { rolloutOf } from "../support/rollout.js";
import { columnsOf, leftoversOf, rowsApart, rowsOf, schemaOf } from "../support/table.js";

/** The richest of each kind goes back to every phase from every later one. */
const RICH = {
  rename_column: "several-objects",
  set_not_null: "several-objects",
  change_type: "several-objects",
} as const;

/** Set for the older majors of the short run. */
const brief = process.env.CHANGEOVER_BRIEF === "1";

function connectionOf({ role }: GoldenCase, superuser: string): string {
  if (role === null) return superuser;
  const url = new URL(superuser);
  [url.username, url.password] = [role, role];
  return url.toString();
}

async function changeIn(file: string): Promise<Change> {
  if (file.endsWith(".yaml")) return parseChange(await readFile(file, "utf8"), file);
  return changeOf(await loadModule(file, file), file);
}

describe.each(goldenCases(PG_MAJOR).map((one) => [`${one.kind}/${one.name}`, one] as const))("%s", (_, golden) => {
  const database = useDatabase(golden.before);
  const ideal = useDatabase(golden.before);
  const project = useProject(() => connectionOf(golden, database.url));
  const rollout = rolloutOf(project, golden.name);
  const rich = golden.name === RICH[golden.kind];
  let change: Change;
  let before: string[];
  let end: { readonly schema: readonly string[]; readonly columns: string[]; readonly rows: string[] };

  /** One revision that changes the catalog alone. */
  const isInPlace = () => Object.keys(rollout.files()).length === 1;
  const schema = () => schemaOf(database, change.table);
  const rows = (except: readonly string[] = []) => rowsOf(database, change.table, except);

  /** A session of its own, gone at once: one that stays connected keeps the gate shut for a while. */
  async function asOldCode(statements: string): Promise<void> {
    const client = await database.client();
    await client.query(statements);
    await client.end();
    await letTickPass(database.sql);
  }

  /** To the end of the backfill phase, as old code keeps writing. */
  async function fill(): Promise<void> {
    await rollout.upgrade("head");
    if (golden.meanwhile !== null) await asOldCode(golden.meanwhile);
    const { exitCode, lines } = await rollout.drain();
    expect([lines.join("\n"), exitCode]).toEqual([
      expect.any(String),
      golden.kind !== "rename_column" && golden.between !== null ? 1 : 0,
    ]);
    if (inject("redis"))
      expect(await database.sql("select to_regnamespace('changeover_queue') as it")).toEqual([{ it: null }]);
  }

  async function finish(): Promise<void> {
    await rollout.confirm();
    // What old code has left without a value until then is a worker's last work.
    if (golden.changeFile.endsWith(".ts")) expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
    await rollout.upgrade("@head");
  }

  beforeAll(async () => {
    await loadParser();
    await project.writeChange(`0001-${golden.name}`, golden.change, golden.changeFile);
    change = await changeIn(join(project.directory, "plans", `0001-${golden.name}`, golden.changeFile));
    if (golden.meanwhile !== null) await ideal.sql(golden.meanwhile);
    await ideal.sql(golden.after);
    await ensureJournal(ideal.db, silent);
    before = await schema();
    end = {
      schema: (await schemaOf(ideal, change.table)).toSorted(),
      columns: await columnsOf(ideal, change.table),
      rows: await rowsOf(ideal, change.table),
    };
  });

  test("is planned as reviewed, twice the same, and fits", async () => {
    expect(await rollout.plan(true)).toMatchObject({ kind: "plan", written: true });
    const planned = rollout.files();
    expect(planned).toEqual(await expectedFiles(golden, planned));
    expect(await rollout.plan(true)).toMatchObject({ kind: "plan", written: false, upToDate: true });
    expect(rollout.files()).toEqual(planned);
    expect(await rollout.check()).toMatchObject({ revisions: Object.keys(planned).length });
  });

  test.skipIf(brief && !rich)("is undone without a trace", async () => {
    const untouched = golden.meanwhile === null && change.onUserTriggers !== "fire";
    const filled = change.kind === "set_not_null" ? [change.column] : [];
    const data = await rows(filled);
    // What changes the catalog alone has no way back.
    if (isInPlace()) return;
    await fill();
    await rollout.downgrade("base");
    expect(await schema()).toEqual(before);
    expect(await leftoversOf(database, ideal)).toEqual([]);
    if (untouched) expect(rowsApart(await rows(filled), data)).toEqual([]);
  });

  if (rich) {
    test("goes back to each phase as it was", async () => {
      const phases = golden.kind === "set_not_null" ? ["base", "dual-write"] : ["base", "expand", "dual-write"];
      const reached = new Map([["base", await standing()]]);
      for (const phase of phases.slice(1)) {
        await rollout.upgrade(phase);
        reached.set(phase, await standing());
      }
      await rollout.drain();
      reached.set("backfill", await standing());
      for (const phase of phases.toReversed()) {
        await rollout.downgrade(phase);
        expect([phase, await standing()]).toEqual([phase, reached.get(phase)]);
      }
      // And from the end of the backfill to each at once.
      for (const phase of phases) {
        await fill();
        expect(await standing()).toEqual(reached.get("backfill"));
        await rollout.downgrade(phase);
        expect([phase, await standing()]).toEqual([phase, reached.get(phase)]);
      }
      await rollout.downgrade("base");
    });
  }

  test("ends as the ideal change does", async () => {
    await fill();
    if (golden.between !== null) {
      // Without what a person has to do it does not go on.
      await expect(rollout.finish()).rejects.toMatchObject({ code: expect.stringMatching(/^(not-yet|gate)$/) });
      await database.sql(golden.between);
      expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
    }
    if (isInPlace()) await rollout.upgrade("head");
    else await finish();
    await expectIdeal();
  });

  test.skipIf(brief && !rich)("then finds nothing more to do", async () => {
    expect(await rollout.plan(true)).toMatchObject({ kind: "nothing" });
    expect(await rollout.upgrade("head")).toMatchObject({ ran: [] });
    expect(await rollout.upgrade("@head")).toMatchObject({ ran: [] });
    await expectIdeal();
  });

  if (golden.kind !== "set_not_null") {
    test.skipIf(brief && !rich)("and has no way back", async () => {
      for (const point of isInPlace() ? ["base"] : ["backfill", "base"]) {
        await expect(rollout.downgrade(point)).rejects.toMatchObject({ code: "irreversible", exitCode: 7 });
      }
      await expectIdeal();
    });
  } else {
    test.skipIf(brief && !rich)("and goes back to each phase and forward again", async () => {
      const points =
        rich || (change.kind === "set_not_null" && change.fill === null) ? ["backfill", "dual-write"] : ["dual-write"];
      for (const point of points) {
        await rollout.downgrade(point);
        expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
        await finish();
        await expectIdeal();
      }
      await rollout.downgrade("base");
      expect(await schema()).toEqual(before);
      expect(await leftoversOf(database, ideal)).toEqual([]);
    });
  }

  /** A twin stays validated when its validation is undone: it has been enforced all along. */
  async function standing(): Promise<string[]> {
    return (await schema()).map((line) =>
      line.includes("changeover_") ? line.replace(/ NOT VALID|"notNullNotValid":true,/, "") : line,
    );
  }

  /** The same schema as after the ideal change, the column order apart, and the same rows. */
  async function expectIdeal(): Promise<void> {
    expect((await schema()).toSorted()).toEqual(end.schema);
    expect(await columnsOf(database, change.table)).toEqual(expectedOrder());
    expect(rowsApart(await rows(), end.rows)).toEqual([]);
    expect(await leftoversOf(database, ideal)).toEqual([]);
  }

  /** The one difference that a column which was added has: it comes last. */
  function expectedOrder(): string[] {
    if (change.kind === "set_not_null" || isInPlace()) return end.columns;
    const to = change.kind === "rename_column" ? change.to : change.column;
    return [...end.columns.filter((column) => column !== to), to];
  }
});
