/** The process is killed in each phase, and the same command is run again: it ends as if nothing had happened. */
import { describe, expect, test } from "vitest";
import { eventually } from "../support/runner.js";
import { type Halt, useCli } from "./cli.js";
import { CONTRACT, DOWN, type Job, letLeasesRunOut, UP, useJobs, WORK } from "./jobs.js";
import { RENAME } from "./plans.js";
import { type Copy, useStages } from "./stages.js";
import { stateOf } from "./state.js";

const stages = useStages(RENAME.seed, [RENAME]);
const cli = useCli(() => stages.project.directory);

const { undisturbed, expectSame } = useJobs(stages, cli);

const ddl = (text: string, when: Halt["when"]): Omit<Halt, "act"> => ({ app: "^ddl", text, when });

describe("killed at a statement of", () => {
  test.each<[string, Job, Omit<Halt, "act">]>([
    ["expand, before its commit", UP, ddl("^commit$", "before")],
    ["dual-write, between two steps", UP, ddl("create trigger", "after")],
    ["dual-write, when it has committed", UP, { ...ddl("^commit$", "after"), nth: 2 }],
    ["the fill, before its batch commits", WORK, { app: "^fill", text: "commit$", when: "before" }],
    ["the index, when it is built", WORK, ddl("^create index", "after")],
    ["the validation, when it is done", WORK, { ...ddl("^alter table .* validate", "after"), nth: 2 }],
    [
      "verify, before it moves",
      WORK,
      { app: "^$", text: "^update changeover.verification_part set next", when: "before" },
    ],
    ["contract, with the column dropped", CONTRACT, ddl("drop column", "after")],
    ["contract, when it has committed", CONTRACT, { ...ddl("^commit$", "after"), nth: 1 }],
    ["the undo of the index, when it is gone", DOWN, ddl("^drop index", "after")],
    ["the undo of the fill", DOWN, { ...ddl("^delete from changeover.revision", "after"), nth: 1 }],
    ["the undo of the dual-write", DOWN, ddl("drop trigger", "after")],
    ["the undo of expand, before its commit", DOWN, ddl("drop column", "after")],
  ])("%s", async (_, job, halt) => {
    await stages.on(job.stage, async (copy) => {
      const killed = cli(copy.url, job.args, { halt: { ...halt, act: "kill" } });
      expect(await killed.ended()).toMatchObject({ code: null, signal: "SIGKILL" });
      await letLeasesRunOut(copy);
      await expectSame(copy, job);
    });
  });
});

describe("killed while the server works on a statement of", () => {
  const blocked = (copy: Copy, text: string) => async () =>
    (
      await copy.sql(
        `select 1 from pg_stat_activity where datname = current_database() and application_name like 'changeover ddl%'
          and query ~* $1 and wait_event_type = 'Lock'`,
        [text],
      )
    ).length > 0;

  test.each<[string, Job, string, string]>([
    ["the index build", WORK, "^create index concurrently", "lock table app.people in row exclusive mode"],
    ["the validation", WORK, "validate constraint", "lock table app.people in share update exclusive mode"],
    ["the undo of the index", DOWN, "^drop index concurrently", "lock table app.people in row exclusive mode"],
  ])("%s, which it goes on with", async (_, job, text, lock) => {
    await stages.on(job.stage, async (copy) => {
      const killed = cli(copy.url, job.args, { halt: { app: "^ddl", text, when: "before", act: "hold" } });
      await killed.halted();
      const holder = await copy.client();
      await holder.query(`begin; ${lock}`);
      killed.go();
      await eventually(blocked(copy, text));
      killed.kill("SIGKILL");
      await killed.ended();
      expect(await blocked(copy, text)()).toBe(true);
      const next = cli(copy.url, job.args);
      await next.log((line) => line.event === "notice" && /earlier run/.test(line.msg));
      await holder.query("rollback");
      expect(await next.ended()).toMatchObject({ code: 0 });
      expect(await stateOf(copy, "people")).toEqual((await undisturbed(job)).state);
    });
  });

  test("contract, while it queues for its lock: the application goes on at once", async () => {
    await stages.on(CONTRACT.stage, async (copy) => {
      const killed = cli(copy.url, CONTRACT.args, { halt: { ...ddl("^lock table", "before"), act: "hold" } });
      await killed.halted();
      const reader = await copy.client();
      await reader.query("begin; select from app.people limit 1");
      killed.go();
      await eventually(blocked(copy, "^lock table"));
      killed.kill("SIGKILL");
      await killed.ended();
      // The server's own lock_timeout ends the orphan's wait.
      await eventually(async () => !(await blocked(copy, "^lock table")()));
      await copy.sql("update app.people set note = note where id = 1");
      await reader.query("rollback");
      await expectSame(copy, CONTRACT);
    });
  });
});
