/** Events as log lines, for loggers that take an object and a text: pino, and those made after it. */
import { describeEvent } from "../app/event-line.js";
import type { Event } from "../events.js";

/** As much of a logger as is needed. */
export type LoggerLike = {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
};

/**
 * An `onEvent` that writes each event as one line: the event's fields (its `kind` as `event`) and the sentence that the command
 * line prints. Statements are told at the level debug. Progress comes with every batch: a logger that minds takes its own pick.
 */
export function logTo(logger: LoggerLike): (event: Event) => void {
  return (event) => {
    const { level, text } = describeEvent(event);
    const { kind, ...fields } = event;
    logger[level]({ event: kind, ...fields }, text);
  };
}
