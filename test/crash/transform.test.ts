/** A worker that fills by code is killed in the middle of a batch: the next one goes on, and ends as if nothing had happened. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { useProject } from "../support/app.js";
import { useDatabase } from "../support/database.js";
import { rolloutOf } from "../support/rollout.js";
import { type Halt, useCli } from "./cli.js";

const MODULE = `import { defineChange } from "changeover";
export default defineChange({
  change: "set_not_null",
  table: "app.people",
  column: "c",
  transform: {
    columns: ["id", "a"],
    row: ({ id, a }: { id: string; a: string }) => {
      if (id === process.env.DIE_AT) process.kill(process.pid, "SIGKILL");
      return a + "!";
    },
  },
});
`;

const database = useDatabase("create schema app");
const project = useProject(() => database.url);
const cli = useCli(() => project.directory);
const rollout = rolloutOf(project, "people");

beforeAll(async () => {
  await mkdir(join(project.directory, "plans/0001-people"), { recursive: true });
  await writeFile(join(project.directory, "plans/0001-people/change.ts"), MODULE);
  await database.sql("create table app.people (id bigint primary key, a text not null, c text)");
  await rollout.plan(true);
});

const batch = (text: string, when: Halt["when"], nth = 1): Halt => ({ app: "^fill", text, when, nth, act: "kill" });

test.each<[string, Halt | undefined, Readonly<Record<string, string>>]>([
  ["when its rows are read", batch("^commit$", "after"), {}],
  ["while its code runs", undefined, { DIE_AT: "333" }],
  ["when its values are written", batch("^with mine", "after"), {}],
  ["before its batch commits", batch("update changeover.slice .*commit$", "before", 2), {}],
  ["when its batch has committed", batch("update changeover.slice .*commit$", "after"), {}],
])("%s", async (_, halt, env) => {
  await database.sql(
    "truncate app.people; insert into app.people select g, 'a' || g, null from generate_series(1, 2000) g",
  );
  await rollout.upgrade("head");
  const killed = cli(database.url, ["worker", "--drain", "--concurrency", "1"], { halt, env });
  expect(await killed.ended()).toMatchObject({ code: null, signal: "SIGKILL" });
  await database.sql("update changeover.slice set lease_until = clock_timestamp() where state = 'leased'");
  const again = await cli(database.url, ["worker", "--drain"]).ended();
  expect([again.stderr, again.code]).toEqual([expect.any(String), 0]);
  expect(await database.sql("select count(*)::int as n from app.people where c is distinct from a || '!'")).toEqual([
    { n: 0 },
  ]);
  expect(await database.sql("select sum(rows)::int as n from changeover.slice")).toEqual([{ n: 2000 }]);
  await rollout.downgrade("base");
});
