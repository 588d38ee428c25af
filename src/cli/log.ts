/** Logs go to stderr: for people on a terminal and in a pipe, JSON lines with --json or CHANGEOVER_LOG=json. */
import { type Logger, pino } from "pino";
import pretty from "pino-pretty";
import type { Output } from "./output.js";

export function createLogger(output: Output, verbose: boolean): Logger {
  const options = { level: verbose ? "debug" : "info", base: null } as const;
  // Written at once: a log line must not be lost with a process that is killed.
  if (output.json || process.env.CHANGEOVER_LOG === "json")
    return pino(options, pino.destination({ fd: 2, sync: true }));
  return pino(
    options,
    pretty({
      destination: 2,
      sync: true,
      colorize: output.terminal,
      translateTime: "SYS:HH:MM:ss",
      ignore: "pid,hostname",
      hideObject: true,
    }),
  );
}
