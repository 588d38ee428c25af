import type { Register } from "../command.js";
import { renderOptions } from "../render/text.js";

const options = () => renderOptions(process.stdout, process.env);

export const registerHistory: Register = (program, run) => {
  const history = program
    .command("history")
    .description("every revision, newest first, and when it was applied")
    .option("--events [plan]", "what was done instead, and by whom: pauses, limits, rows, revisions")
    .addHelpText("after", "\nExamples:\n  changeover history\n  changeover history --events orders-total");
  history.action(({ events }: { events?: string | true }) =>
    run(history, async ({ app, output }) => {
      if (events !== undefined) {
        const { eventsUseCase } = await import("../../app/history.js");
        const { renderEvents } = await import("../render/history.js");
        const logged = await eventsUseCase(app, events === true ? null : events);
        return output.out(output.json ? JSON.stringify(logged) : renderEvents(logged));
      }
      const { historyUseCase } = await import("../../app/history.js");
      const { renderHistory } = await import("../render/history.js");
      const entries = await historyUseCase(app);
      output.out(
        output.json
          ? JSON.stringify(entries)
          : renderHistory(entries, { ...options(), terminal: process.stdout.isTTY === true }),
      );
    }),
  );
  const heads = program
    .command("heads")
    .description("the trunk's head, and the tails that are not finished")
    .addHelpText("after", "\nExample:\n  changeover heads");
  heads.action(() =>
    run(heads, async ({ app, output }) => {
      const { headsUseCase } = await import("../../app/history.js");
      const { renderHeads } = await import("../render/history.js");
      const entries = await headsUseCase(app);
      output.out(output.json ? JSON.stringify(entries) : renderHeads(entries, options()));
    }),
  );
  const show = program
    .command("show")
    .description("one revision as it runs, or ran")
    .argument("<revision>", "its id, or the beginning of it")
    .option("--applied", "nothing but its file as it was applied here, as the journal keeps it")
    .addHelpText(
      "after",
      "\nExamples:\n  changeover show 5f0c\n  changeover show 5f0c --applied > plans/0004-orders-total/1-expand.add-column.sql   # put an edited file back",
    );
  show.action((id: string, flags: { applied?: boolean }) =>
    run(show, async ({ app, output }) => {
      const { appliedFileUseCase, showUseCase } = await import("../../app/history.js");
      const { renderShow } = await import("../render/history.js");
      if (flags.applied === true) {
        const file = await appliedFileUseCase(app, id);
        return output.out(output.json ? JSON.stringify(file) : file.text);
      }
      const { revision, row } = await showUseCase(app, id);
      output.out(output.json ? JSON.stringify({ revision, row }) : renderShow(revision, row, options()));
    }),
  );
};
