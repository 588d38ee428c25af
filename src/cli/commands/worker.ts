import { workerUseCase } from "../../app/worker.js";
import type { Register } from "../command.js";
import { countOption } from "../options.js";

export const registerWorker: Register = (program, run) => {
  const command = program
    .command("worker")
    .description("run backfills: fill, build indexes, validate, verify; never contract")
    .option("--drain", "end when nothing can run now: 0 done or at a gate, 1 blocked, 3 paused")
    .option(
      "--concurrency <n>",
      "slices at once in this process (default: the smaller of 4 and the cores)",
      countOption,
    )
    .option("--plan <plan>", "this plan alone")
    .addHelpText(
      "after",
      "\nSIGTERM hands the slice back and ends with 0; SIGINT ends with 130.\n\nExamples:\n  changeover worker                # in the background, all day\n  changeover worker --drain        # in a pipeline",
    );
  command.action((options: { drain?: boolean; concurrency?: number; plan?: string }) =>
    run(command, async ({ app, output }) => {
      const { exitCode, lines } = await workerUseCase(app, {
        drain: options.drain === true,
        concurrency: options.concurrency ?? null,
        plan: options.plan ?? null,
      });
      output.out(output.json ? JSON.stringify({ exitCode, lines }) : lines.join("\n"));
      return exitCode;
    }),
  );
};
