/** A progress bar for what takes long, on a terminal only. */
import cliProgress from "cli-progress";
import type { Event } from "../events.js";
import { count, counted, span } from "../gates/words.js";
import { displayWidth, type RenderOptions } from "./render/text.js";

export type Progress = {
  /** true: the event is shown by the bar and needs no line */
  take(event: Event): boolean;
  /** Takes the bar off the screen before a line is printed; the next event brings it back. */
  pause(): void;
  close(): void;
};

/** `{percentage}%  132,053 rows · 21,504 rows/s · 1 min 12 s left`, with the blanks around it */
const NOTE_COLUMNS = 54;

export function createProgress({ width, unicode }: RenderOptions): Progress {
  let bar: cliProgress.SingleBar | null = null;
  const show = (title: string, fraction: number, note: string) => {
    if (bar === null) {
      bar = new cliProgress.SingleBar({
        format: "  {title} {bar} {percentage}%  {note}",
        barCompleteChar: unicode ? "█" : "#",
        barIncompleteChar: unicode ? "░" : "-",
        barsize: Math.max(6, Math.min(28, width - displayWidth(title) - NOTE_COLUMNS)),
        hideCursor: true,
        clearOnComplete: true,
        stream: process.stderr,
      });
      bar.start(1000, 0, { title, note });
    }
    bar.update(Math.round(fraction * 1000), { title, note });
  };
  const hide = () => {
    bar?.stop();
    bar = null;
  };
  return {
    take: (event) => {
      if (event.kind === "fill-progress") {
        const rate = event.rowsPerSecond === null ? "" : ` · ${count(event.rowsPerSecond)} rows/s`;
        const eta = event.etaSeconds === null ? "" : ` · ${span(event.etaSeconds)} left`;
        show(`fill ${event.plan ?? ""}`, event.fraction, `${counted(event.rowsDone, "row")} written${rate}${eta}`);
        return true;
      }
      if (event.kind === "verify-progress") {
        show(
          `verify ${event.plan}`,
          event.fraction,
          `${count(event.rows)} rows · ${count(event.mismatches)} not in step`,
        );
        return true;
      }
      if (event.kind === "step-progress") {
        show(event.step, event.fraction, event.phase);
        return true;
      }
      return false;
    },
    pause: hide,
    close: hide,
  };
}
