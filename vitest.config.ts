import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { PROGRAM } from "./test/support/redis-program.js";

/** The majors that `scripts/test.js` asked for; integration suites run once on each. */
const majors = (process.env.PG_MAJORS ?? "14,18").split(",").map(Number);
const onServer = ["test/integration/**/*.test.ts", "test/cases/**/*.test.ts", "test/crash/**/*.test.ts"];
/** These bring their own server, or need none: once is enough. */
const once = ["test/integration/embedded/**/*.test.ts", "test/integration/package/**/*.test.ts"];

/**
 * What the command line and the library say, and what a killed process leaves, hardly depends on the server: in the short
 * run these are for the newest major alone, which keeps it short. `npm run test:all` takes them on every one.
 */
const newest = Math.max(...majors);
const newestAlone =
  process.env.CHANGEOVER_LONG === "1"
    ? []
    : [
        "test/integration/cli/**/*.test.ts",
        "test/integration/library/**/*.test.ts",
        "test/integration/readme/**/*.test.ts",
        "test/integration/runner/kill.test.ts",
        "test/integration/interleavings/**/*.test.ts",
        "test/integration/{metrics,words,transform,executor}/**/*.test.ts",
        "test/integration/backfill/{redis,standby,distress,declared,mutants,folder,endless,listen,server-crash}.test.ts",
        "test/integration/writers/{mutants,partitions}.test.ts",
        "test/integration/change-type/clients.test.ts",
        "test/integration/writers/change-type-guarded.test.ts",
        "test/cases/property.test.ts",
        "test/crash/**/*.test.ts",
      ];
/** And of the cases an older major takes the way forward alone; the richest of each kind goes all ways. */
const brief = (major: number) => (newestAlone.length > 0 && major !== newest ? { CHANGEOVER_BRIEF: "1" } : {});

/**
 * In the long run these go once more with workers that Redis wakes. Whoever tells it from PostgreSQL's queue has suites of
 * its own.
 */
const ON_REDIS = [
  "test/cases/golden.test.ts",
  "test/integration/writers/change-type*.test.ts",
  "test/integration/writers/rename-nullable.test.ts",
  "test/crash/{kill,change-type,every-statement}.test.ts",
];
const redis = PROGRAM !== undefined || Boolean(process.env.REDIS_URL) || Boolean(process.env.CI);
const queues = process.env.CHANGEOVER_LONG === "1" && redis ? ["postgres", "redis"] : ["postgres"];

/** The long ones first: one that begins last keeps everybody waiting, alone, for minutes. */
const LONG_ONES = ["test/cases/golden", "test/crash/", "test/integration/writers/", "test/integration/cli/"];

class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = LONG_ONES.findIndex((part) => moduleId.includes(part));
      return found === -1 ? LONG_ONES.length : found;
    };
    return [...files].sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongOnesFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    isolate: false,
    setupFiles: ["test/support/file-end.ts"],
    projects: [
      { extends: true, test: { name: "unit", include: ["test/unit/**/*.test.ts", "test/*.test.ts", ...once] } },
      ...queues.flatMap((queue) =>
        majors.map((major) => ({
          extends: true as const,
          test: {
            name: queue === "postgres" ? `pg${major}` : `pg${major}-redis`,
            include: queue === "postgres" ? onServer : ON_REDIS,
            exclude: ["**/node_modules/**", ...once, ...(major === newest ? [] : newestAlone)],
            globalSetup: ["test/support/servers.ts"],
            env: { PG_MAJOR: String(major), CHANGEOVER_QUEUE: queue, ...brief(major) },
          },
        })),
      ),
    ],
  },
});
