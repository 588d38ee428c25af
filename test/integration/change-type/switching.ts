import { upgradeUseCase } from "../../../src/app/upgrade.js";
import type { TestProject } from "../../support/app.js";
import type { Rollout } from "../../support/rollout.js";

/** The id that the file of the plan's revision of this name tells. */
export function idOf(rollout: Rollout, name: string): string {
  const [, text = ""] = Object.entries(rollout.files()).find(([file]) => file.includes(`.${name}.`)) ?? [];
  const id = /^-- changeover revision ([0-9a-f]{12})/m.exec(text)?.[1];
  if (id === undefined) throw new Error(`the plan has no revision ${name}`);
  return id;
}

/** As far as the plan's revision of this name. */
export async function upgradeTo(project: TestProject, rollout: Rollout, name: string): Promise<void> {
  const target = idOf(rollout, name);
  const patience = { lockWaitMs: 5_000, deadlineMs: 20_000 };
  await project.run((app) =>
    upgradeUseCase(app, { target, fresh: false, sqlOnly: false, concurrency: 1, ...patience }),
  );
}
