/** What the progress bar shows of an event, in one line that is never wider than the terminal. */
import type { Event } from "../../events.js";
import { bytes, clean, count, counted, percent, span, spanRange } from "../../gates/words.js";
import { clip, displayWidth, type RenderOptions } from "./text.js";

export type BarView = {
  readonly title: string;
  /** null: there is nothing that could be measured */
  readonly fraction: number | null;
  /** the most important first: what the terminal has no room for is left out from the end */
  readonly notes: readonly string[];
};

/** null: not an event that a bar shows. */
export function viewOf(event: Event): BarView | null {
  switch (event.kind) {
    case "fill-progress":
      return { title: `fill ${event.plan ?? event.revision}`, fraction: event.fraction, notes: notesOf(event) };
    case "sweep-progress":
      return {
        title: `look again ${event.plan ?? event.revision}`,
        fraction: event.fraction,
        notes: [`${counted(event.rows, "row")} due again`],
      };
    case "verify-progress":
      return {
        title: `verify ${event.plan}`,
        fraction: event.fraction,
        notes: [`${count(event.rows)} rows`, `${count(event.mismatches)} not in step`],
      };
    case "step-progress":
      return { title: event.step, fraction: event.fraction, notes: stepNotes(event) };
    default:
      return null;
  }
}

function stepNotes({ phase, counts, runningMs, tableBytes }: Extract<Event, { kind: "step-progress" }>): string[] {
  return [
    runningMs === null || counts !== null ? phase : `${phase} ${span(runningMs / 1000)}`,
    ...(counts === null ? [] : [`${count(counts.done)} of ${count(counts.total)} ${counts.of}`]),
    ...(tableBytes === null ? [] : [`over ${bytes(tableBytes)}`]),
  ];
}

type Fill = Extract<Event, { kind: "fill-progress" }>;

function notesOf({ eta, endless, throttle, slow, ...fill }: Fill): string[] {
  return [
    ...(endless === null ? [] : ["will not finish"]),
    ...(throttle === null ? [] : [`throttled: ${throttle.split(":")[0] ?? ""}`]),
    ...(eta === null ? [] : [`${spanRange(eta.lowSeconds, eta.highSeconds)} left`]),
    ...(fill.rowsPerSecond === null ? [] : [`${count(fill.rowsPerSecond)} rows/s`]),
    `${counted(fill.rowsDone, "row")} written`,
    ...(fill.hotShare === null ? [] : [`${Math.round(fill.hotShare * 100)} % HOT`]),
    ...(fill.walBytesPerRow === null ? [] : [`${bytes(fill.walBytesPerRow)} WAL/row`]),
    ...(fill.quarantined === 0 ? [] : [`${count(fill.quarantined)} in quarantine`]),
    ...(slow === null ? [] : ["slow: an old snapshot"]),
    ...(eta === null || eta.heldSeconds === 0 ? [] : [`stood still ${span(eta.heldSeconds)}`]),
  ];
}

const MOST = 28;
const LEAST = 6;
const PERCENT = 7;

/** `  fill orders-total ███████░░░░ 41.2 %  6 min to 9 min left · 21,504 rows/s · …` */
export function barLine({ title, fraction, notes }: BarView, options: RenderOptions): string {
  const { unicode } = options;
  // The last column stays free, or some terminals begin a new line.
  const width = options.width - 1;
  const name = clip(clean(title), Math.max(8, width - 2 - 1 - LEAST - 1 - PERCENT), options);
  const fixed = 2 + displayWidth(name) + 1 + 1 + PERCENT + 2;
  const between = unicode ? " · " : " | ";
  const shown: string[] = [];
  for (const note of notes.map(clean)) {
    const next = [...shown, note].join(between);
    if (fixed + (fraction === null ? 0 : LEAST) + displayWidth(next) > width) continue;
    shown.push(note);
  }
  const said = shown.join(between);
  if (fraction === null) return `  ${name}  ${said}`.trimEnd();
  const size = Math.max(LEAST, Math.min(MOST, width - fixed - displayWidth(said)));
  const full = Math.min(size, Math.floor(fraction * size));
  const bar = (unicode ? "█" : "#").repeat(full) + (unicode ? "░" : "-").repeat(size - full);
  return `  ${name} ${bar} ${percent(fraction).padStart(PERCENT)}  ${said}`.trimEnd();
}
