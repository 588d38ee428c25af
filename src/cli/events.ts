/** Events as people and log collectors want them: a progress bar on a terminal, plain lines in a pipe, JSON with --json. */

import { describeEvent } from "../app/event-line.js";
import type { Emit, Event } from "../events.js";
import { createLogger } from "./log.js";
import type { Output } from "./output.js";
import { createProgress } from "./progress.js";
import { clean, type RenderOptions, renderOptions, wrap } from "./render/text.js";

export type EventSink = { readonly emit: Emit; close(): void };

export function eventSink(output: Output, options: { quiet: boolean; verbose: boolean }): EventSink {
  if (options.quiet) return { emit: () => undefined, close: () => undefined };
  const logger = createLogger(output, options.verbose);
  const screen = renderOptions(process.stderr, process.env);
  const progress = output.terminal && !output.json ? createProgress(screen) : null;
  const due = paced();
  return {
    emit: (event: Event) => {
      if (progress?.take(event) === true || !due(event)) return;
      const line = describeEvent(event);
      // What is not printed does not take the bar away: several batches a second would.
      if (line.level === "debug" && !options.verbose) return;
      progress?.pause();
      // A server's message may hold anything; as JSON it is escaped anyway.
      const text = output.json ? line.text : output.terminal ? onScreen(line.text, screen) : clean(line.text);
      logger[line.level]({ event: event.kind, ...fields(event) }, text);
    },
    close: () => {
      progress?.close();
      logger.flush();
    },
  };
}

/** Of `[12:34:56] INFO: `, under which further lines begin. */
const PREFIX_COLUMNS = 17;

function onScreen(text: string, { width }: RenderOptions): string {
  return wrap(text, width - PREFIX_COLUMNS).join(`\n${" ".repeat(PREFIX_COLUMNS)}`);
}

const PROGRESS_LINE_MS = 5_000;

/** In a pipe, progress is a line every few seconds, not one for each batch; the last one is always printed. */
function paced(): (event: Event) => boolean {
  const last = new Map<string, { readonly at: number; readonly whole: boolean }>();
  return (event) => {
    const of = progressOf(event);
    if (of === null) return true;
    const [now, before] = [Date.now(), last.get(of.key)];
    const isLast = of.whole && before?.whole !== true;
    if (!isLast && before !== undefined && now - before.at < PROGRESS_LINE_MS) return false;
    last.set(of.key, { at: now, whole: of.whole });
    return true;
  };
}

/** null: an event that is no progress. A phase of an index build ends more often than the build. */
function progressOf(event: Event): { readonly key: string; readonly whole: boolean } | null {
  switch (event.kind) {
    case "fill-progress":
    case "sweep-progress":
    case "verify-progress":
      return { key: `${event.kind} ${event.plan}`, whole: event.fraction >= 1 };
    case "step-progress":
      return { key: `${event.kind} ${event.revision} ${event.step}`, whole: false };
    default:
      return null;
  }
}

function fields(event: Event): Record<string, unknown> {
  const { kind: _kind, ...rest } = event;
  return rest;
}
