/** Values of options, as people type them. */
import { InvalidArgumentError, Option } from "commander";
import parse from "parse-duration";

/** `30s`, `10m`: a unit is required. In milliseconds. */
export function durationOption(text: string): number {
  const ms = /^(?:\d+(?:ms|s|m|h|d))+$/.test(text) ? parse(text) : null;
  if (ms !== null) return ms;
  const bare = /^\d+$/.test(text);
  throw new InvalidArgumentError(
    bare ? `Give it a unit, e.g. ${text}s.` : "Give a duration with a unit, e.g. 30s or 10m.",
  );
}

/** A whole number of at least one. */
export function countOption(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("Give a whole number, 1 or more.");
}

/** An option that may be given again, and whose value may be several, with commas. */
export function listOption(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(",").map((one) => one.trim())].filter((one) => one !== "");
}

export function lockWaitOption(): Option {
  return new Option("--lock-wait <duration>", "how long to wait for another runner")
    .argParser(durationOption)
    .default(600_000, "10m");
}
