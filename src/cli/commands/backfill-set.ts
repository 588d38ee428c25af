import { InvalidArgumentError } from "commander";
import { ChangeoverError } from "../../errors.js";
import type { Limits } from "../../journal/limits.js";
import type { Register } from "../command.js";
import { countOption } from "../options.js";
import { describeLimits } from "../render/limits.js";

/** `none` lifts the limit. */
const orNone =
  (parse: (text: string) => number) =>
  (text: string): number | null =>
    text === "none" ? null : parse(text);

function amount(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError("Give a number above 0, or none.");
}

function part(text: string): number {
  const value = amount(text);
  if (value <= 1) return value;
  throw new InvalidArgumentError("Give a part of the time, above 0 and at most 1, e.g. 0.5; or none.");
}

export const registerSet: Register = (backfill, run) => {
  const command = backfill
    .command("set")
    .description("limit a plan's backfill; every worker on every host obeys from its next batch on")
    .argument("<plan>")
    .option("--workers <n>", "slices worked on at once, over all processes (none: 2)", orNone(countOption))
    .option("--rows-per-second <n>", "rows filled a second, by all workers together", orNone(countOption))
    .option("--wal-mb-per-second <n>", "WAL the whole server may write while a batch runs", orNone(amount))
    .option("--duty <part>", "part of its time that each worker works, e.g. 0.5", orNone(part))
    .addHelpText(
      "after",
      `
none lifts a limit. Limits stay with the plan, also before its first worker starts and after a restart.

Examples:
  changeover backfill set orders-total --rows-per-second 5000
  changeover backfill set orders-total --workers 4 --duty 0.5
  changeover backfill set orders-total --rows-per-second none`,
    );
  command.action((plan: string, options: Partial<Limits>) =>
    run(command, async ({ app, output }) => {
      const { workers, rowsPerSecond, walMbPerSecond, duty } = options;
      const given = Object.entries({ workers, rowsPerSecond, walMbPerSecond, duty }).filter(([, v]) => v !== undefined);
      if (given.length === 0) {
        throw new ChangeoverError("usage", "Name what to set.", { hint: "changeover backfill set --help" });
      }
      const { limitsUseCase } = await import("../../app/limits.js");
      const result = await limitsUseCase(app, plan, Object.fromEntries(given) as Partial<Limits>);
      if (output.json) return output.out(JSON.stringify(result));
      output.out(`${result.plan}: ${describeLimits(result.limits) ?? "no limits"}`);
    }),
  );
};
