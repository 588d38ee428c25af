import { EXIT_CODES } from "../../errors.js";
import { SETTLE_ROWS } from "../../gates/answer.js";
import { count, counted } from "../../gates/words.js";
import type { Register } from "../command.js";

export const registerVerify: Register = (program, run) => {
  const command = program
    .command("verify")
    .description("compare the two sides of every row; contract's gate asks for it")
    .argument("<plan>")
    .addHelpText("after", "\nExit code 1 when rows are not in step.\n\nExample:\n  changeover verify orders-total");
  command.action((plan: string) =>
    run(command, async ({ app, output }) => {
      const { verifyUseCase } = await import("../../app/verify.js");
      const { mirror: _, ...result } = await verifyUseCase(app, plan);
      const text = `${plan}: ${counted(result.rows, "row")}, ${count(result.mismatches)} not in step${result.skipped === 0 ? "" : `, ${count(result.skipped)} skipped by hand`}`;
      const lost =
        result.lost === 0 ? [] : [`${counted(result.lost, "row")} with a value that the old type cannot hold`];
      const keys = result.keys.map((key) => `  ${key}`);
      const lines = [text, ...keys, ...lost, ...(result.mismatches === 0 ? [] : [SETTLE_ROWS])];
      output.out(output.json ? JSON.stringify(result) : lines.join("\n"));
      return result.mismatches === 0 ? 0 : EXIT_CODES.internal;
    }),
  );
};
