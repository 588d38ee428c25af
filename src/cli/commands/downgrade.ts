import type { Register } from "../command.js";
import { durationOption, lockWaitOption } from "../options.js";
import { lineOptions } from "../render/text.js";

export const registerDowngrade: Register = (program, run) => {
  const command = program
    .command("downgrade")
    .description("undo revisions, newest first; nothing that was written meanwhile is lost")
    .argument("<target>", "<plan>@<phase> (back to just after it) | <plan>@base | <revision> | base | -N")
    .option("--sql", "print what would run, run nothing")
    .addOption(lockWaitOption())
    .option(
      "--deadline <duration>",
      "how long to try for a table's lock before parking the revision (default: 30m)",
      durationOption,
    )
    .addHelpText(
      "after",
      "\nExamples:\n  changeover downgrade orders-total@base\n  changeover downgrade orders-total@backfill",
    );
  command.action((target: string, options: { sql?: boolean; lockWait: number; deadline?: number }) =>
    run(command, async ({ app, output }) => {
      const { downgradeUseCase } = await import("../../app/downgrade.js");
      const { renderRun } = await import("../render/run.js");
      const result = await downgradeUseCase(app, {
        target,
        sqlOnly: options.sql === true,
        lockWaitMs: options.lockWait,
        deadlineMs: options.deadline ?? null,
      });
      output.out(
        output.json ? JSON.stringify(result) : renderRun(result, options.sql === true, lineOptions(process.stdout)),
      );
    }),
  );
};
