/** One plan on one database, moved by the use cases as a person would move it by commands. */
import { join } from "node:path";
import { confirmUseCase } from "../../src/app/confirm.js";
import { downgradeUseCase } from "../../src/app/downgrade.js";
import { checkPlan, type PlanResult, planUseCase } from "../../src/app/plan.js";
import { type RunResult, upgradeUseCase } from "../../src/app/upgrade.js";
import { verifyUseCase } from "../../src/app/verify.js";
import { type WorkerResult, workerUseCase } from "../../src/app/worker.js";
import { trusted } from "../../src/sql/text.js";
import type { TestProject } from "./app.js";
import { letTickPass } from "./clock.js";
import { revisionFiles } from "./golden.js";

const PATIENCE = { lockWaitMs: 5_000, deadlineMs: 20_000 };

export type Rollout = {
  readonly slug: string;
  plan(write: boolean): Promise<PlanResult>;
  check(): Promise<{ readonly revisions: number }>;
  /** the plan's revision files as they stand in its folder */
  files(): Record<string, string>;
  /** `head`, `<point>` of the plan (`expand`, `backfill`, …), or `@head` for its end */
  upgrade(target: string): Promise<RunResult>;
  downgrade(point: string): Promise<RunResult>;
  drain(): Promise<WorkerResult>;
  /** verify, and confirm */
  confirm(): Promise<void>;
  /** verify, confirm, and to the end */
  finish(): Promise<RunResult>;
};

/** The plan stands in the folder `0001-<slug>`, or one of another number. */
export function rolloutOf(project: TestProject, slug: string, number = "0001"): Rollout {
  const upgrade = (target: string) =>
    project.run((app) => upgradeUseCase(app, { target, fresh: false, sqlOnly: false, concurrency: 1, ...PATIENCE }));
  const confirm = async () => {
    await project.run((app) => verifyUseCase(app, { plan: slug }));
    await project.run(async (app) => {
      await letTickPass((text) => app.database().run(trusted(text, "reviewed")));
      return confirmUseCase(app, { plan: slug, release: "v2", despite: [], reason: null });
    });
  };
  return {
    slug,
    plan: (write) => project.run((app) => planUseCase(app, slug, { write, force: false })),
    check: () => project.run((app) => checkPlan(app, slug)),
    files: () => revisionFiles(join(project.directory, "plans", `${number}-${slug}`)),
    upgrade: (target) => upgrade(target === "head" ? "head" : `${slug}@${target.replace(/^@/, "")}`),
    downgrade: (point) =>
      project.run((app) => downgradeUseCase(app, { target: `${slug}@${point}`, sqlOnly: false, ...PATIENCE })),
    drain: () => project.run((app) => workerUseCase(app, { drain: true, concurrency: 1, plan: null, pollMs: 20 })),
    confirm,
    finish: async () => {
      await confirm();
      return upgrade(`${slug}@head`);
    },
  };
}
