import type { Probe } from "../../app/probe-projection.js";
import { counted } from "../../gates/words.js";
import type { Register } from "../command.js";
import { type RenderOptions, renderOptions } from "../render/text.js";

export const registerPlan: Register = (program, run) => {
  const command = program
    .command("plan")
    .description("show what a change becomes on this database: phases, statements, locks, hazards, cost")
    .argument("<name>", "the plan, by name or folder")
    .option("--write", "write the revisions beside change.yaml, for review")
    .option("--force", "with --write: write over revisions that were edited")
    .option("--probe", "try its batches on a copy of a hundredth of the table, and say what the fill may take")
    .option("--check", "hold the written revisions against this database (e.g. production's)")
    .addHelpText(
      "after",
      "\nExamples:\n  changeover plan orders-total\n  changeover plan orders-total --write\n  changeover plan orders-total --probe\n  DATABASE_URL=$PRODUCTION changeover plan orders-total --check",
    );
  command.action((name: string, options: { write?: boolean; force?: boolean; check?: boolean; probe?: boolean }) =>
    run(command, async ({ app, output }) => {
      const { checkPlan, planUseCase } = await import("../../app/plan.js");
      const { renderPlan } = await import("../render/plan.js");
      if (options.check === true) {
        const checked = await checkPlan(app, name);
        return output.out(
          output.json
            ? JSON.stringify({ ...checked, fits: true })
            : checked.begun
              ? `${checked.slug}: begun here; each further revision checks the table before it runs`
              : `${checked.slug}: its ${checked.revisions} revisions fit this database`,
        );
      }
      const result = await planUseCase(app, name, {
        write: options.write === true,
        force: options.force === true,
        probe: options.probe === true,
      });
      if (output.json) return output.out(JSON.stringify(result, null, 2));
      if (result.kind === "nothing") return output.out(`${result.slug}: nothing to do. ${result.reason}`);
      const state = result.written
        ? `Wrote ${counted(result.revisions.length, "revision")}: review them, then changeover upgrade head.`
        : result.upToDate
          ? "The written revisions are up to date."
          : `Nothing was written: changeover plan ${result.slug} --write does.`;
      const screen = renderOptions(process.stdout, process.env);
      const probe = result.probe === undefined ? "" : `\n\n${await probed(result.probe, screen)}`;
      output.out(`${renderPlan(result, screen)}${probe}\n\n${state}`);
    }),
  );
};

async function probed(probe: Probe | null, options: RenderOptions): Promise<string> {
  if (probe === null) return "There is nothing to try: no rows of this plan are filled by SQL.";
  const { renderProbe } = await import("../render/probe.js");
  return renderProbe(probe, options);
}
