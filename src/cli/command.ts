/**
 * What a command is: its words for commander, and one function that renders a use case's value.
 *
 * The function itself imports the use case: `--help` needs none of them, and no command needs another's (all of them
 * together were 250 modules and half of what a short command took).
 */
import type { Command } from "commander";
import type { AppContext } from "../app/context.js";
import type { Output } from "./output.js";

export type Run = {
  readonly app: AppContext;
  readonly output: Output;
};

/** Runs a command's action in a context of its own. A number that it returns is the exit code; anything else is 0. */
export type Runner = (command: Command, action: (run: Run) => Promise<unknown>) => Promise<void>;

export type Register = (program: Command, run: Runner) => void;
