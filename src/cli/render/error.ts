/** An error as one block: what happened, to what, the details, what to do. */
import type { ChangeoverError } from "../../errors.js";
import { clean, colorsFor, type RenderOptions, wrap } from "./text.js";

/** `wrapped`: the reader is a person at a terminal; a log keeps each line as it is, to be searched. */
export type ErrorOptions = RenderOptions & { readonly wrapped: boolean };

export function renderError(error: ChangeoverError, options: ErrorOptions): string {
  const colors = colorsFor(options);
  const { message, where, details, hint } = error;
  const lines = (text: string, indent: number) =>
    options.wrapped ? wrapAround(text, options.width - indent) : [clean(text)];
  const block = (label: string, text: string) =>
    lines(text, LABEL).map((line, n) => (n === 0 ? label.padEnd(LABEL) : " ".repeat(LABEL)) + line);
  return [
    ...lines(message, 6).map((line, n) => (n === 0 ? `${colors.red("error")} ${line}` : `      ${line}`)),
    ...(where === undefined ? [] : block("  at", where)),
    ...details
      .flatMap((detail) => detail.split("\n"))
      .flatMap((line) => {
        const indent = 2 + line.length - line.trimStart().length;
        return lines(line.trimStart(), indent + 2).map((part, n) => " ".repeat(n === 0 ? indent : indent + 2) + part);
      }),
    ...(hint === undefined ? [] : block("  do", hint)),
  ].join("\n");
}

const LABEL = 8;
/** Stands for a blank that no line may be broken at; from the private use area, which no message of ours holds. */
const HELD = "\ue000";

/** Between words, but never inside of a command, which is there to be copied. */
function wrapAround(text: string, width: number): string[] {
  const held = text.replace(/\bchangeover [^;,()]+?(?=[;,()]|\.(?:\s|$)|: | \u2014 |$)/g, (one) =>
    one.replaceAll(" ", HELD),
  );
  return wrap(held, width).map((line) => line.replaceAll(HELD, " "));
}

export function errorJson(error: ChangeoverError): string {
  const { code, message, where, hint, details, exitCode } = error;
  return JSON.stringify({ error: { code, exitCode, message, where: where ?? null, hint: hint ?? null, details } });
}
