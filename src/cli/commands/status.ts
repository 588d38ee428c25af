import { Option } from "commander";
import { ChangeoverError } from "../../errors.js";
import { PHASES, type Phase } from "../../revisions/revision.js";
import type { Register } from "../command.js";
import { renderOptions } from "../render/text.js";

export const registerStatus: Register = (program, run) => {
  const command = program
    .command("status")
    .description("where each plan stands; if it stands still, why and what to do; how to undo it")
    .argument("[plan]", "one plan, by name or folder")
    .addOption(
      new Option("--require <phase>", "exit 0 when every revision of this phase is done, else 3").choices(PHASES),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  changeover status\n  changeover status orders-total --require backfill   # in a pipeline, before the release\n  changeover status --json | jq '.plans[].state'",
    );
  command.action((plan: string | undefined, options: { require?: Phase }) =>
    run(command, async ({ app, output }) => {
      const { statusUseCase } = await import("../../app/status.js");
      const { renderStatus } = await import("../render/status.js");
      const { report, requirement } = await statusUseCase(app, {
        plan: plan ?? null,
        require: options.require ?? null,
      });
      output.out(
        output.json
          ? JSON.stringify(report, null, 2)
          : renderStatus(report, renderOptions(process.stdout, process.env)),
      );
      if (requirement === null || requirement.satisfied) return;
      const { missing } = requirement;
      const next = report.plans.find((one) => one.plan === missing[0]?.plan)?.next ?? null;
      throw new ChangeoverError("not-yet", `The phase ${options.require} is not done yet.`, {
        details: missing.map((one) => `${one.plan}: ${one.revision} is ${one.state}`),
        hint: next ?? "Wait for it; changeover status tells what it waits for.",
      });
    }),
  );
};
