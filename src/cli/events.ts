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
  const last = new Map<string, number>();
  return (event) => {
    if (event.kind !== "fill-progress" && event.kind !== "verify-progress" && event.kind !== "step-progress")
      return true;
    const key = event.kind === "step-progress" ? `${event.kind} ${event.step}` : `${event.kind} ${event.plan}`;
    const now = Date.now();
    // A phase of an index build ends more often than the build.
    if ((event.fraction < 1 || event.kind === "step-progress") && now - (last.get(key) ?? 0) < PROGRESS_LINE_MS)
      return false;
    last.set(key, now);
    return true;
  };
}

function fields(event: Event): Record<string, unknown> {
  const { kind: _kind, ...rest } = event;
  return rest;
}
