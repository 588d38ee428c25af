/** Who is at work now, a few lines a runner. */
import type { StatusReport } from "../../status/schema.js";
import { colorsFor, labelled, type RenderOptions } from "./text.js";

export type Runner = StatusReport["runners"][number];

export function runnerLines(runners: readonly Runner[], options: RenderOptions): string[] {
  const colors = colorsFor(options);
  return runners.flatMap(({ holder, pid, doing, wait }) => [
    ...labelled("now", `${holder ?? "a runner"} (server process ${pid}) ${doing}`, options),
    ...(wait === null ? [] : labelled("waits", wait.why, options, colors.yellow)),
    ...(wait === null || wait.remedy === null ? [] : labelled("", wait.remedy, options)),
  ]);
}
