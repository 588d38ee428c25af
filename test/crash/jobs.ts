/** One command on one stage, with what it leaves behind when nobody disturbs it. */
import { expect } from "vitest";
import type { Cli, Ended } from "./cli.js";
import type { Copy, Stage, Stages } from "./stages.js";
import { type State, stateOf } from "./state.js";

export type Job = { readonly stage: Stage; readonly args: readonly string[] };

export const UP: Job = { stage: "base", args: ["upgrade", "head"] };
export const WORK: Job = { stage: "trunk", args: ["worker", "--drain"] };
export const CONTRACT: Job = { stage: "confirmed", args: ["upgrade", "people-name@head"] };
export const DOWN: Job = { stage: "filled", args: ["downgrade", "people-name@base"] };

export type Run = { readonly ended: Ended; readonly state: State };

export type Jobs = {
  undisturbed(job: Job): Promise<Run>;
  /** Runs it (again) on a copy and expects the same end: exit code 0, catalog, rows and journal. */
  expectSame(copy: Copy, job: Job): Promise<void>;
};

export function useJobs(stages: Stages, cli: Cli): Jobs {
  const runs = new Map<Job, Promise<Run>>();
  const finish = async (copy: Copy, job: Job): Promise<Run> => {
    const ended = await cli(copy.url, job.args).ended();
    return { ended, state: await stateOf(copy, "people") };
  };
  const undisturbed = (job: Job) => {
    const run = runs.get(job) ?? stages.on(job.stage, (copy) => finish(copy, job));
    runs.set(job, run);
    return run;
  };
  return {
    undisturbed,
    expectSame: async (copy, job) => {
      const expected = await undisturbed(job);
      const again = await finish(copy, job);
      expect(expected.ended.code).toBe(0);
      expect(again.ended, again.ended.stderr).toMatchObject({ code: 0, signal: null });
      expect(again.state).toEqual(expected.state);
    },
  };
}

/** What half a minute would do; with CHANGEOVER_LONG it is waited for. */
export async function letLeasesRunOut(copy: Copy): Promise<void> {
  if (process.env.CHANGEOVER_LONG === "1") return;
  await copy.sql("update changeover.slice set lease_until = clock_timestamp() where state = 'leased'").catch(() => []);
  await copy
    .sql("update changeover.verification_part set lease_until = clock_timestamp() where worker is not null")
    .catch(() => []);
}
