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
    .option("--redis-url <uri>", "wake workers by Redis (default: REDIS_URL; else by the database itself)")
    .option("--metrics-port <n>", "serve Prometheus metrics at /metrics, and /healthz, on this port (0: any free one)")
    .option("--metrics-host <host>", "on this address (default: 127.0.0.1; 0.0.0.0 for all)")
    .addHelpText(
      "after",
      "\nThe journal in the database says what is due; the queue only wakes workers. A Redis (6.2 or newer, or Valkey) that is away\ncosts seconds, never a row.\n\nSIGTERM hands the slice back and ends with 0; SIGINT ends with 130.\n\nExamples:\n  changeover worker                # in the background, all day\n  changeover worker --drain        # in a pipeline\n  changeover worker --metrics-port 9464",
    );
  command.action((options: { drain?: boolean; concurrency?: number; plan?: string }) =>
    run(command, async ({ app, output }) => {
      const { workerUseCase } = await import("../../app/worker.js");
      const { exitCode, lines } = await workerUseCase(app, {
        drain: options.drain === true,
        concurrency: options.concurrency ?? null,
        plan: options.plan ?? null,
        metrics: app.config.metrics,
      });
      output.out(output.json ? JSON.stringify({ exitCode, lines }) : lines.join("\n"));
      return exitCode;
    }),
  );
};
