import { GATE_KINDS } from "../../revisions/revision.js";
import type { Register } from "../command.js";
import { listOption } from "../options.js";

export const registerConfirm: Register = (program, run) => {
  const command = program
    .command("confirm")
    .description("say that the release which is ready for contract runs everywhere, and the old one nowhere")
    .argument("<plan>")
    .requiredOption("--release <name>", "the release that runs now, e.g. v2")
    .option(
      "--despite <condition>",
      "open a gate's condition by hand; may be given again, or several with commas",
      listOption,
    )
    .option("--reason <text>", "why, for --despite: kept in the journal")
    .addHelpText(
      "after",
      `\nConditions: ${GATE_KINDS.join(", ")}.\n\nExamples:\n  changeover confirm orders-total --release v2\n  changeover confirm orders-total --release v2 --despite quiet --reason "the nightly job was stopped"`,
    );
  command.action((plan: string, options: { release: string; despite?: string[]; reason?: string }) =>
    run(command, async ({ app, output }) => {
      const { confirmUseCase } = await import("../../app/confirm.js");
      const { mirror: _, ...confirmation } = await confirmUseCase(app, {
        plan,
        release: options.release,
        despite: options.despite ?? [],
        reason: options.reason ?? null,
      });
      output.out(
        output.json
          ? JSON.stringify(confirmation)
          : `${plan}: release ${confirmation.release} confirmed by ${confirmation.actor}`,
      );
    }),
  );
};
