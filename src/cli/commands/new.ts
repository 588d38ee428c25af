import { CHANGE_KINDS, type ChangeKind } from "../../change/change.js";
import type { Register } from "../command.js";

export const registerNew: Register = (program, run) => {
  const command = program
    .command("new")
    .description("scaffold a change.yaml in a folder of its own")
    .argument("<kind>", `what changes: ${CHANGE_KINDS.join(" | ")}`)
    .argument("<name>", "the plan's name, e.g. orders-total")
    .addHelpText("after", "\nExample:\n  changeover new rename_column orders-total");
  command.action((kind: string, name: string) =>
    run(command, async ({ app, output }) => {
      const { newChange } = await import("../../app/new.js");
      const made = await newChange(app, kind as ChangeKind, name);
      output.out(output.json ? JSON.stringify(made) : `${made.file}\n\nFill it in, then: changeover plan ${made.slug}`);
    }),
  );
};
