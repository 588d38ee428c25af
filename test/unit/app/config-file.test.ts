/** `throttle` of the configuration file: what it may hold, and where a mistake in it is. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readFileConfig } from "../../../src/app/config-file.js";
import { ChangeoverError } from "../../../src/errors.js";

const folder = mkdtemp(join(tmpdir(), "changeover-config-"));
afterAll(async () => rm(await folder, { recursive: true, force: true }));

async function read(text: string, ending = "ts") {
  const path = join(await folder, `${randomUUID()}.config.${ending}`);
  await writeFile(path, text);
  return readFileConfig(path);
}

test("queries by their names, and a canary; half of where it stops is where it slows down", async () => {
  const { throttle } = await read(`export default {
    throttle: {
      queries: {
        "queue-depth": { sql: "select count(*) from app.job", slow: 100, stop: 1000 },
        "night": { sql: "select 1 as value, 2 as threshold;" },
      },
      canary: { sql: "select 1", stopMs: 20 },
    },
  }`);
  expect(throttle).toEqual({
    queries: [
      { name: "queue-depth", sql: "select count(*) from app.job", bounds: { slow: 100, stop: 1000 } },
      { name: "night", sql: "select 1 as value, 2 as threshold", bounds: null },
    ],
    canary: { sql: "select 1", bounds: { slow: 10, stop: 20 } },
  });
});

const query = (rest: string, name = "jobs") => `// throttle, queries, jobs: none of these is the key
export default {
  throttle: {
    queries: {
      ${name}: { ${rest} },
    },
  },
};`;
test.each([
  [
    "a statement that writes",
    query('sql: "delete from app.job", stop: 1'),
    "5:15",
    "throttle.queries.jobs.sql: has to be one SELECT",
  ],
  ["two statements", query('sql: "select 1; select 2", stop: 1'), "5:15", "has to be one SELECT"],
  ["no SQL", query('stop: 1, sql: "select from from"'), "5:24", "is no SQL: syntax error"],
  ["no text", query("stop: 1, sql: 3"), "5:24", "throttle.queries.jobs.sql: "],
  ["no statement at all", query("stop: 1"), "5:7", "throttle.queries.jobs.sql: "],
  [
    "thresholds the wrong way round",
    query('sql: "select 1", slow: 3, stop: 2'),
    "5:32",
    "what slows it down has to be below",
  ],
  ["a threshold of 0", query('sql: "select 1", stop: 0'), "5:32", "throttle.queries.jobs.stop: "],
  ["an unknown key", query('sql: "select 1", above: 2'), "5:32", "throttle.queries.jobs.above: is not known here"],
  ["a signal's own name", query("sql: `select 1`, stop: 1", "archiver"), "5:7", "a signal has this name already"],
  ["a name with capitals", query("sql: `select 1`, stop: 1", "Jobs"), "5:7", "small letters"],
])("%s is told with its line", async (_, text, place, says) => {
  const error = await read(text).catch((thrown: unknown) => thrown);
  if (!(error instanceof ChangeoverError)) throw error;
  expect(error.code).toBe("usage");
  expect(error.where).toMatch(new RegExp(`\\.config\\.ts:${place}$`));
  expect(error.details.join("\n")).toContain(says);
});

test("in JSON, too, and each of several mistakes with its own", async () => {
  const text = `{
  "plans": "plans",
  "throttle": {
    "canary": { "sql": "vacuum", "stopMs": 5, "slowMs": 9 }
  }
}`;
  const error = await read(text, "json").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    where: expect.stringMatching(/json:4:47$/),
    details: [
      "throttle.canary.slowMs: what slows it down has to be below what stops it (4:47)",
      "throttle.canary.sql: has to be one SELECT (4:17)",
    ],
  });
});
