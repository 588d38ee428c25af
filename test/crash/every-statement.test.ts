/**
 * Killed before and after every statement that writes, in every phase, forwards and back. Takes half an hour a server: run by
 * `npm run prove`.
 */
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Halt, useCli } from "./cli.js";
import { NOT_NULL, RENAME, TYPE } from "./plans.js";
import { type Stage, useStages } from "./stages.js";
import { stateOf } from "./state.js";

const PROVE = process.env.CHANGEOVER_PROVE === "1";

const PLANS = [RENAME, NOT_NULL, TYPE].map((plan) => [/^change: (\w+)/.exec(plan.yaml)?.[1] ?? "", plan] as const);

describe.skipIf(!PROVE).each(PLANS)("%s", (kind, plan) => {
  const stages = useStages(plan.seed, [plan], kind === "change_type" ? "switched" : "confirmed");
  const cli = useCli(() => stages.project.directory);

  test.each<[string, Stage, readonly string[]]>([
    ...(kind === "change_type"
      ? [
          ["downgrade <plan>@backfill", "switched", ["downgrade", `${plan.slug}@backfill`]] satisfies [
            string,
            Stage,
            readonly string[],
          ],
        ]
      : []),
    ["upgrade head", "base", ["upgrade", "head"]],
    ["worker --drain", "trunk", ["worker", "--drain", "--concurrency", "1"]],
    ["upgrade <plan>@head", "confirmed", ["upgrade", `${plan.slug}@head`]],
    ["downgrade <plan>@base", "filled", ["downgrade", `${plan.slug}@base`]],
    ["downgrade <plan>@base from dual-write", "trunk", ["downgrade", `${plan.slug}@base`]],
  ])(
    "%s",
    async (_, stage, args) => {
      const file = join(tmpdir(), `changeover-statements-${process.pid}-${Math.random()}`);
      const expected = await stages.on(stage, async (copy) => {
        const { code } = await cli(copy.url, args, { statements: file }).ended();
        return { code, state: await stateOf(copy, "people") };
      });
      expect(expected.code).toBe(0);
      const points = pointsOf(await readFile(file, "utf8"));
      await rm(file);
      expect(points.length).toBeGreaterThan(10);
      for (const point of points) {
        for (const when of ["before", "after"] as const) {
          await stages.on(stage, async (copy) => {
            const killed = await cli(copy.url, args, { halt: { ...point, when, act: "kill" } }).ended();
            const where = `${when} ${point.nth}. ${point.text}`;
            expect(killed, where).toMatchObject({ code: null, signal: "SIGKILL" });
            await copy
              .sql("update changeover.slice set lease_until = clock_timestamp() where state = 'leased'")
              .catch(() => []);
            const again = await cli(copy.url, args).ended();
            expect({ code: again.code, state: await stateOf(copy, "people") }, `${where}\n${again.stderr}`).toEqual(
              expected,
            );
          });
        }
      }
      process.stdout.write(`${plan.slug} ${args.join(" ")}: killed at ${2 * points.length} places\n`);
    },
    30 * 60_000,
  );
});

type Point = Pick<Halt, "app" | "text" | "nth">;

/** Every statement that writes, or ends a transaction that wrote; what only the clock brings about is left out. */
function pointsOf(recorded: string): Point[] {
  const counts = new Map<string, number>();
  const wrote = new Set<number>();
  const points: Point[] = [];
  for (const line of recorded.trim().split("\n")) {
    const { client, app, text } = JSON.parse(line) as { client: number; app: string; text: string };
    const key = `${app} ${text}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    const ends = /^commit$/i.test(text);
    const writes = /^(insert|update|delete|with|lock|create|alter|drop|analyze|begin;|do|truncate)\b/i.test(text);
    if (/^begin/i.test(text)) wrote.delete(client);
    if (/changeover\.sample/.test(text)) continue;
    if (writes) wrote.add(client);
    if (writes || (ends && wrote.has(client)) || (app.startsWith("ddl") && !/^select/i.test(text)) || /^fill/.test(app))
      points.push({ app: `^${escaped(app)}$`, text: `^${escaped(text)}$`, nth });
  }
  return points;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
