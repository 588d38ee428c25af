import { ChangeoverError } from "../../errors.js";
import type { Register } from "../command.js";
import { registerSet } from "./backfill-set.js";
import { registerQuarantine } from "./quarantine.js";

export const registerBackfill: Register = (program, run) => {
  const backfill = program
    .command("backfill")
    .description("steer running backfills from anywhere, and settle the rows that failed");
  registerSet(backfill, run);
  for (const action of ["pause", "resume"] as const) {
    const command = backfill
      .command(action)
      .description(action === "pause" ? "stop every worker on the plan after its batch" : "let the workers go on")
      .argument("[plan]")
      .option("--all", "every plan that has begun")
      .addHelpText("after", `\nExample:\n  changeover backfill ${action} orders-total`);
    command.action((plan: string | undefined, options: { all?: boolean }) =>
      run(command, async ({ app, output }) => {
        const { pauseUseCase } = await import("../../app/pause.js");
        if ((plan === undefined) === (options.all !== true)) {
          throw new ChangeoverError("usage", "Name one plan, or --all.", {
            hint: `changeover backfill ${action} <plan>`,
          });
        }
        const { plans } = await pauseUseCase(app, action, plan ?? null);
        if (output.json) return output.out(JSON.stringify({ plans }));
        const done = action === "pause" ? "paused" : "resumed";
        for (const one of plans)
          output.out(`${one.plan}: ${one.changed ? done : `was ${action === "pause" ? "paused" : "running"} already`}`);
        if (plans.length === 0) output.out("no plan has begun here");
      }),
    );
  }
  registerQuarantine(backfill, run);
};
