import type { Command } from "commander";
import { ChangeoverError } from "../../errors.js";
import { counted } from "../../gates/words.js";
import type { Runner } from "../command.js";
import { renderQuarantine } from "../render/quarantine.js";
import { lineOptions, renderOptions } from "../render/text.js";

const EXAMPLE = "orders-total";

/** `backfill quarantine`: a group of its own below `backfill`. */
export function registerQuarantine(backfill: Command, run: Runner): void {
  const group = backfill.command("quarantine").description("rows that could not be filled, while all others are");
  list(group, run);
  retry(group, run);
  skip(group, run);
}

/** Given again for each row: a name may hold commas. */
const collect = (row: string, before: readonly string[] | undefined) => [...(before ?? []), row];

function list(group: Command, run: Runner): void {
  const command = group
    .command("list")
    .description("every such row, since when, why, and whether it still waits")
    .argument("[plan]")
    .addHelpText(
      "after",
      `\nStates: waiting; retrying: a worker tries it again; mended: not due any more, which the next run finds too; skipped.\n\nExamples:\n  changeover backfill quarantine list\n  changeover backfill quarantine list ${EXAMPLE} --json | jq -r '.[].row'`,
    );
  command.action((plan: string | undefined) =>
    run(command, async ({ app, output }) => {
      const { listQuarantineUseCase } = await import("../../app/quarantine.js");
      const entries = await listQuarantineUseCase(app, plan ?? null);
      const options = { ...renderOptions(process.stdout, process.env), ...lineOptions(process.stdout) };
      output.out(output.json ? JSON.stringify(entries) : renderQuarantine(entries, options));
    }),
  );
}

function retry(group: Command, run: Runner): void {
  const command = group
    .command("retry")
    .description("have workers try them again, as each new run of the fill does by itself")
    .argument("<plan>")
    .option("--row <name>", "this row, also one that was skipped; may be given again (default: all that wait)", collect)
    .addHelpText(
      "after",
      `\nExamples:\n  changeover backfill quarantine retry ${EXAMPLE}\n  changeover backfill quarantine retry ${EXAMPLE} --row id=42 --row id=43`,
    );
  command.action((name: string, options: { row?: string[] }) =>
    run(command, async ({ app, output }) => {
      const { retryQuarantineUseCase } = await import("../../app/quarantine.js");
      const { plan, rows, names } = await retryQuarantineUseCase(app, name, options.row ?? null);
      if (output.json) return output.out(JSON.stringify({ plan, rows: names }));
      output.out(
        rows === 0
          ? `${plan}: no row waits`
          : `${plan}: ${counted(rows, "row")} will be tried again by a worker (changeover worker --drain)`,
      );
    }),
  );
}

function skip(group: Command, run: Runner): void {
  const command = group
    .command("skip")
    .description("let rows stay unfilled, by name and for a reason that the journal keeps")
    .argument("<plan>")
    .option("--row <name>", "as the list names it; may be given again", collect)
    .option("--all", "every row of the plan that waits")
    .requiredOption("--reason <text>", "why they may stay so")
    .addHelpText(
      "after",
      `\nA skipped row is no mismatch to verify, and the gate says how many there are. What later forbids it (NOT NULL, a check) still does.\n\nExamples:\n  changeover backfill quarantine skip ${EXAMPLE} --row id=42 --reason "a test order"\n  changeover backfill quarantine skip ${EXAMPLE} --all --reason "imported before 2015, read by nobody"`,
    );
  command.action((name: string, options: { row?: string[]; all?: boolean; reason: string }) =>
    run(command, async ({ app, output }) => {
      if ((options.row === undefined) === (options.all !== true)) {
        throw new ChangeoverError("usage", "Name rows with --row, or --all.", {
          hint: `changeover backfill quarantine list ${name}`,
        });
      }
      if (options.reason.trim() === "") {
        throw new ChangeoverError("usage", "A row that is skipped needs a reason.", {
          hint: 'Add --reason "…"; it is kept in the journal.',
        });
      }
      const input = { rows: options.row ?? null, reason: options.reason };
      const { skipQuarantineUseCase } = await import("../../app/quarantine.js");
      const { plan, rows, names, note } = await skipQuarantineUseCase(app, name, input);
      if (output.json) return output.out(JSON.stringify({ plan, skipped: rows, rows: names, note }));
      output.out(rows === 0 ? `${plan}: no row waits` : `${plan}: ${counted(rows, "row")} skipped. ${note ?? ""}`);
      if (rows > 0) output.out("Go on with changeover worker --drain.");
    }),
  );
}
