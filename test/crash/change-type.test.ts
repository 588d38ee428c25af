/** A change of type, killed in each phase, at the switch and on its way back: the same command again ends as if nothing had happened. */
import { describe, expect, test } from "vitest";
import { type Halt, useCli } from "./cli.js";
import { CONTRACT, DOWN, type Job, letLeasesRunOut, UP, useJobs, WORK } from "./jobs.js";
import { TYPE } from "./plans.js";
import { useStages } from "./stages.js";

const stages = useStages(TYPE.seed, [TYPE], "switched");
const cli = useCli(() => stages.project.directory);
const { expectSame } = useJobs(stages, cli);

const BACK: Job = { stage: "switched", args: ["downgrade", "people-name@backfill"] };
const ddl = (text: string, when: Halt["when"], nth = 1): Omit<Halt, "act"> => ({ app: "^ddl", text, when, nth });

describe("killed at a statement of", () => {
  test.each<[string, Job, Omit<Halt, "act">]>([
    ["dual-write, between two steps", UP, ddl("create or replace trigger", "after")],
    ["the fill, before its batch commits", WORK, { app: "^fill", text: "commit$", when: "before" }],
    ["constrain, with one constraint added", CONTRACT, ddl("add constraint .* not valid", "after")],
    ["relax, with one constraint dropped", CONTRACT, ddl("drop constraint if exists named", "after")],
    ["the switch, with the names swapped", CONTRACT, ddl("rename column", "after")],
    ["the switch, when it has committed", CONTRACT, ddl("^commit$", "after")],
    ["the drop, with the column dropped", CONTRACT, ddl("drop column", "after")],
    ["the way back, with the names swapped", BACK, ddl("rename column", "after")],
    ["the way back, with a constraint to be validated", BACK, ddl("validate constraint", "before")],
    ["the undo of the dual-write", DOWN, ddl("drop trigger", "after")],
  ])("%s", async (_, job, halt) => {
    await stages.on(job.stage, async (copy) => {
      const killed = cli(copy.url, job.args, { halt: { ...halt, act: "kill" } });
      expect(await killed.ended()).toMatchObject({ code: null, signal: "SIGKILL" });
      await letLeasesRunOut(copy);
      await expectSame(copy, job);
    });
  });
});
