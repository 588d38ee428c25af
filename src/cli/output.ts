/** How the command line speaks: results on stdout, everything else on stderr, an error as one block. */
import { explain } from "../db/explain.js";
import { ChangeoverError } from "../errors.js";
import { errorJson, renderError } from "./render/error.js";
import { renderOptions } from "./render/text.js";

export type Output = {
  /** a result */
  readonly out: (text: string) => void;
  /** logs, progress, notices */
  readonly err: (text: string) => void;
  readonly json: boolean;
  readonly terminal: boolean;
};

export function processOutput(json: boolean): Output {
  return {
    out: (text) => void process.stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    err: (text) => void process.stderr.write(text.endsWith("\n") ? text : `${text}\n`),
    json,
    terminal: process.stderr.isTTY === true,
  };
}

/** Prints an error and says with which code the process ends. A stack is shown only when asked for. */
export function report(thrown: unknown, output: Output): number {
  const error = explain(thrown);
  const told = error instanceof ChangeoverError ? error : defect(error);
  const options = { ...renderOptions(process.stderr, process.env), wrapped: output.terminal };
  output.err(output.json ? errorJson(told) : renderError(told, options));
  if (process.env.CHANGEOVER_STACK === "1" && error instanceof Error) output.err(String(error.stack));
  return told.exitCode;
}

function defect(error: unknown): ChangeoverError {
  return new ChangeoverError("internal", `Unexpected: ${error instanceof Error ? error.message : String(error)}`, {
    hint: "This is a defect of changeover. Run again with CHANGEOVER_STACK=1 and report what it prints.",
    cause: error,
  });
}
