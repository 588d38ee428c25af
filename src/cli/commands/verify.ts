import { createInterface } from "node:readline/promises";
import { Option } from "commander";
import { ChangeoverError, EXIT_CODES } from "../../errors.js";
import { counted } from "../../gates/words.js";
import type { Register, Run } from "../command.js";
import { countOption } from "../options.js";
import { authorityLine, repairLines, settleLines, verifyLines } from "../render/verify.js";

type Options = {
  readonly limit?: number;
  readonly concurrency?: number;
  readonly repair?: boolean;
  readonly authority?: "old" | "new";
  readonly yes?: boolean;
};

export const registerVerify: Register = (program, run) => {
  const command = program
    .command("verify")
    .description("compare the two sides of every row; contract's gate asks for it")
    .argument("<plan>")
    .option("--limit <n>", "rows to name, with their values (default: 20; at most 1000)", countOption)
    .option(
      "--concurrency <n>",
      "windows at once in this process (default: the smaller of 4 and the cores), as far as the plan's workers allow",
      countOption,
    )
    .option("--repair", "put right what is found, where it is known which side is; then verify again")
    .addOption(
      new Option(
        "--authority <side>",
        "with --repair of rename_column: the side that is right, where nothing else tells",
      ).choices(["old", "new"]),
    )
    .option("--yes", "with --repair: do not ask")
    .addHelpText(
      "after",
      `
A row counts when it is found not in step twice, the second time when every transaction has ended that may have held it.
Run again after an interruption, it goes on; run twice at once, both walk the same rows together.

--repair sets the side that is not the authority: before change_type's switch the new one from the old, after it the old
one from the new; for set_not_null the declared fill. In rename_column both releases write, each a side: where nothing
tells which of two writes is right, it repairs nothing. Former values are kept in the event log.

Exit code 1 when rows are not in step.

Examples:
  changeover verify orders-total
  changeover verify orders-total --limit 100 --json | jq '.found'
  changeover verify orders-total --repair
  changeover verify orders-total --repair --yes        # in a script`,
    );
  command.action((plan: string, options: Options) =>
    run(command, async (given) => {
      const { app, output } = given;
      refuse(options);
      const input = { plan, limit: options.limit ?? 20, concurrency: options.concurrency ?? null };
      if (options.repair === true) return repair(given, input, options);
      const { verifyUseCase } = await import("../../app/verify.js");
      const result = await verifyUseCase(app, input);
      const lines = [...verifyLines(plan, result), ...settleLines(plan, result)];
      output.out(output.json ? JSON.stringify(result) : lines.join("\n"));
      return result.mismatches === 0 ? 0 : EXIT_CODES.internal;
    }),
  );
};

function refuse({ repair, authority, yes }: Options): void {
  const stray = authority !== undefined ? "--authority" : yes === true ? "--yes" : null;
  if (repair === true || stray === null) return;
  throw new ChangeoverError("usage", `${stray} is for --repair.`, { hint: "Add --repair, or leave it out." });
}

async function repair(
  { app, output }: Run,
  input: { readonly plan: string; readonly limit: number; readonly concurrency: number | null },
  options: Options,
): Promise<number> {
  const asks = process.stdin.isTTY === true && output.terminal && !output.json;
  if (options.yes !== true && !asks) {
    throw new ChangeoverError("usage", "A repair writes rows, and there is nobody to ask.", {
      hint: "Look at the rows first (without --repair), then add --yes.",
    });
  }
  const { repairUseCase } = await import("../../app/repair.js");
  const result = await repairUseCase(app, {
    ...input,
    authority: options.authority ?? null,
    agree: async (found, authority) => {
      const proposal = [...verifyLines(input.plan, found), authorityLine(authority)];
      if (!output.json) output.err(proposal.join("\n"));
      return options.yes === true || answer(`Repair ${counted(found.mismatches, "row")}? [y/N] `, app.signal);
    },
  });
  output.out(output.json ? JSON.stringify(result) : repairLines(input.plan, result).join("\n"));
  return result.after.mismatches === 0 ? 0 : EXIT_CODES.internal;
}

async function answer(question: string, signal: AbortSignal): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^\s*y(es)?\s*$/i.test(await asking.question(question, { signal }));
  } catch {
    return false;
  } finally {
    asking.close();
  }
}
