/** A progress bar for what takes long, on a terminal only. */
import cliProgress from "cli-progress";
import type { Event } from "../events.js";
import { type BarView, barLine, viewOf } from "./render/bar.js";
import type { RenderOptions } from "./render/text.js";

export type Progress = {
  /** true: the event is shown by the bar and needs no line */
  take(event: Event): boolean;
  /** Takes the bar off the screen before a line is printed; the next event brings it back. */
  pause(): void;
  close(): void;
};

export function createProgress(options: RenderOptions): Progress {
  let bar: cliProgress.SingleBar | null = null;
  const show = (view: BarView) => {
    // The window may have changed since.
    const width = Math.max(40, process.stderr.columns ?? options.width);
    const payload = { line: barLine(view, { ...options, width }) };
    if (bar === null) {
      bar = new cliProgress.SingleBar({
        format: (_options, _params, { line }: { line: string }) => line,
        hideCursor: true,
        clearOnComplete: true,
        stream: process.stderr,
      });
      bar.start(1000, 0, payload);
    }
    // The end would take it off the screen.
    bar.update(Math.min(999, Math.round((view.fraction ?? 0) * 1000)), payload);
  };
  const hide = () => {
    bar?.stop();
    bar = null;
  };
  return {
    take: (event) => {
      const view = viewOf(event);
      if (view === null) return false;
      show(view);
      return true;
    },
    pause: hide,
    close: hide,
  };
}
