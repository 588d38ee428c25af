import type { Register } from "../command.js";
import { countOption, durationOption, lockWaitOption } from "../options.js";
import { lineOptions } from "../render/text.js";

export const registerUpgrade: Register = (program, run) => {
  const command = program
    .command("upgrade")
    .description("apply revisions, in order, as far as the target and the gates allow")
    .argument("[target]", "head | heads | <plan>@head | <plan>@<phase> | <revision> | +N", "head")
    .option("--fresh", "run plans to their end at once where their tables are empty and in nobody's use")
    .option("--sql", "print what would run, run nothing")
    .addOption(lockWaitOption())
    .option(
      "--deadline <duration>",
      "how long to try for a table's lock before parking the revision (default: 30m)",
      durationOption,
    )
    .option("--concurrency <n>", "slices at once where a backfill is run", countOption)
    .addHelpText(
      "after",
      "\nExamples:\n  changeover upgrade head                    # before a deploy: the trunk, seconds\n  changeover upgrade orders-total@head       # finish one plan: its backfill in the foreground, and through its gates\n  changeover upgrade head --sql > review.sql",
    );
  command.action(
    (
      target: string,
      options: { fresh?: boolean; sql?: boolean; lockWait: number; deadline?: number; concurrency?: number },
    ) =>
      run(command, async ({ app, output }) => {
        const { upgradeUseCase } = await import("../../app/upgrade.js");
        const { renderRun } = await import("../render/run.js");
        const result = await upgradeUseCase(app, {
          target,
          fresh: options.fresh === true,
          sqlOnly: options.sql === true,
          lockWaitMs: options.lockWait,
          deadlineMs: options.deadline ?? null,
          concurrency: options.concurrency ?? null,
        });
        output.out(
          output.json ? JSON.stringify(result) : renderRun(result, options.sql === true, lineOptions(process.stdout)),
        );
      }),
  );
};
