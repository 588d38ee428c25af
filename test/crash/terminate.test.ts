/** The server ends our sessions, and the process lives: it says so in a block, and the same command again finishes. */
import { describe, expect, test } from "vitest";
import { type Halt, useCli } from "./cli.js";
import { CONTRACT, DOWN, type Job, letLeasesRunOut, UP, useJobs, WORK } from "./jobs.js";
import { RENAME } from "./plans.js";
import { type Copy, useStages } from "./stages.js";

const stages = useStages(RENAME.seed, [RENAME]);
const cli = useCli(() => stages.project.directory);
const { expectSame } = useJobs(stages, cli);
const LONG = process.env.CHANGEOVER_LONG === "1";

/** Ends the sessions whose application_name matches, and returns when they are gone. */
async function terminate(copy: Copy, like: string): Promise<number> {
  const pids = await copy.sql(
    `select pid, pg_terminate_backend(pid, 10000) as gone from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name like $1`,
    [like],
  );
  expect(pids.every(({ gone }) => gone)).toBe(true);
  return pids.length;
}

const hold = (app: string, text: string, when: Halt["when"], nth = 1): Halt => ({ app, text, when, nth, act: "hold" });

const PLACES: readonly (readonly [name: string, job: Job, halt: Halt])[] = [
  ["expand", UP, hold("^ddl", "add column", "after")],
  ["dual-write", UP, hold("^ddl", "^commit$", "before", 2)],
  ["the index build", WORK, hold("^ddl", "^create index", "before")],
  ["the validation's record", WORK, hold("^$", "^update changeover.step", "before", 2)],
  ["the fill", WORK, hold("^fill", "^update app.people", "after")],
  ["verify", WORK, hold("^$", "^update changeover.verification_part set next", "before")],
  ["contract", CONTRACT, hold("^ddl", "drop column", "after")],
  ["the undo", DOWN, hold("^ddl", "^drop trigger", "after")],
];
/** `%` with the name's end: all; the lock's; the one at work; the pool's; the queue's */
const SESSIONS = [
  "changeover%",
  "changeover lock",
  "changeover ddl%",
  "changeover fill%",
  "changeover",
  "changeover queue%",
];
const DOCUMENTED = [0, 1, 6];

describe.each(PLACES)("in %s", (_, job, halt) => {
  test.each(LONG ? SESSIONS : SESSIONS.slice(0, 1))("the sessions %s are ended", async (like) => {
    await stages.on(job.stage, async (copy) => {
      const first = cli(copy.url, job.args, { halt });
      await first.halted();
      const ended = await terminate(copy, like);
      first.go();
      const { code, signal, stderr, stdout } = await first.ended();
      expect(signal).toBeNull();
      expect(DOCUMENTED, stderr).toContain(code);
      if (ended === 0) expect(code).toBe(0);
      // A worker outlives it, or says where the plan stands; any other command says it in one block, without a stack.
      if (code !== 0 && job !== WORK) expect(stderr).toMatch(/^error .*\n( {2}.*\n)+$/m);
      expect(stderr + stdout).not.toMatch(/Unexpected|\n\s+at .*\.js:\d+/);
      await letLeasesRunOut(copy);
      await expectSame(copy, job);
    });
  });
});
