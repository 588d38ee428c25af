import type { Register } from "../command.js";

export const registerLinks: Register = (program, run) => {
  const rebase = program
    .command("rebase")
    .description("put a plan that has not run behind another trunk head")
    .argument("<plan>")
    .option("--onto <revision>", "the trunk revision to follow (default: the other head)")
    .addHelpText("after", "\nExample:\n  changeover rebase orders-total");
  rebase.action((plan: string, options: { onto?: string }) =>
    run(rebase, async ({ app, output }) => {
      const { rebaseUseCase } = await import("../../app/links.js");
      const { files } = await rebaseUseCase(app, plan, options.onto ?? null);
      if (output.json) return output.out(JSON.stringify({ files }));
      output.out(files.length === 0 ? "it stands there already" : files.map((file) => `rewrote ${file}`).join("\n"));
    }),
  );
  const merge = program
    .command("merge")
    .description("join several trunk heads by an empty revision")
    .argument("[revisions...]", "the heads (default: all)")
    .addHelpText("after", "\nExample:\n  changeover merge");
  merge.action((ids: string[]) =>
    run(merge, async ({ app, output }) => {
      const { mergeUseCase } = await import("../../app/links.js");
      const { files } = await mergeUseCase(app, ids);
      output.out(output.json ? JSON.stringify({ files }) : files.map((file) => `wrote ${file}`).join("\n"));
    }),
  );
};
