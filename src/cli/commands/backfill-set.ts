import { InvalidArgumentError } from "commander";
import { CANARY, NAME, SIGNAL_NAMES } from "../../backfill/throttle/names.js";
import { ChangeoverError } from "../../errors.js";
import type { Changes, SignalChange } from "../../journal/limits.js";
import { parseWindow, type Window } from "../../journal/windows.js";
import type { Register } from "../command.js";
import { countOption, durationOption } from "../options.js";
import { describeLimits } from "../render/limits.js";

/** `none` lifts the limit. A word, because commander makes an empty text of a null that a parser gives. */
const orNone =
  (parse: (text: string) => number) =>
  (text: string): number | "none" =>
    text === "none" ? text : parse(text);

function amount(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError("Give a number above 0, or none.");
}

function part(text: string): number {
  const value = amount(text);
  if (value <= 1) return value;
  throw new InvalidArgumentError("Give a part of the time, above 0 and at most 1, e.g. 0.5; or none.");
}

const LIMITS = ["workers", "rowsPerSecond", "walMbPerSecond", "duty"] as const;

export const registerSet: Register = (backfill, run) => {
  const command = backfill
    .command("set")
    .description("limit a plan's backfill; every worker on every host obeys from its next batch on")
    .argument("<plan>")
    .option("--workers <n>", "slices worked on at once, over all processes (none: 2)", orNone(countOption))
    .option("--rows-per-second <n>", "rows filled a second, by all workers together", orNone(countOption))
    .option("--wal-mb-per-second <n>", "WAL the whole server may write while a batch runs", orNone(amount))
    .option("--duty <part>", "part of its time that each worker works, e.g. 0.5", orNone(part))
    .option("--window <times>", 'work only then, e.g. "22:00-06:00 Europe/Zurich"; may be given again', windowOption)
    .option("--signal <name=value>", "at which value a signal of the server stops it; or off, or default", signal)
    .option("--for <duration>", "let what --signal says end by itself; then counts what was set before", durationOption)
    .addHelpText(
      "after",
      `
Signals: ${SIGNAL_NAMES.join(", ")}; ${CANARY}, and
queries by their names, where the configuration file declares them.
A signal that cannot be read stops the backfill until it is switched off. <slow>:<stop> says both values.

A window has a time zone, and may name the days on which it begins. Outside of its windows a fill waits, and so does its
verify; it begins no index build, and ends none.

none lifts a limit. Limits stay with the plan, also before its first worker starts and after a restart.

Examples:
  changeover backfill set orders-total --rows-per-second 5000
  changeover backfill set orders-total --workers 4 --duty 0.5
  changeover backfill set orders-total --rows-per-second none
  changeover backfill set orders-total --window "Mon-Fri 22:00-06:00 Europe/Zurich" --window "Sat,Sun 00:00-24:00 Europe/Zurich"
  changeover backfill set orders-total --window none
  changeover backfill set orders-total --signal replica-lag=4:10 --signal archiver=off
  changeover backfill set orders-total --signal replica-lag=off --for 30m`,
    );
  type Given = { readonly [Limit in (typeof LIMITS)[number]]?: number | "none" } & {
    readonly signal?: SignalChange[];
    readonly window?: readonly Window[] | "none";
    readonly for?: number;
  };
  command.action((plan: string, options: Given) =>
    run(command, async ({ app, output }) => {
      const { signal: signals, window } = options;
      const given = LIMITS.filter((limit) => options[limit] !== undefined).map((limit) => {
        const value = options[limit];
        return [limit, value === "none" ? null : value];
      });
      const windows = window === undefined ? {} : { windows: window === "none" ? null : window };
      const changes: Changes = {
        ...Object.fromEntries(given),
        ...windows,
        ...(signals === undefined ? {} : { signals }),
      };
      if (Object.keys(changes).length === 0 || (options.for !== undefined && signals === undefined)) {
        throw new ChangeoverError("usage", "Name what to set.", { hint: "changeover backfill set --help" });
      }
      if (options.for !== undefined && signals?.some(({ to }) => to === "default") === true) {
        throw new ChangeoverError("usage", "A default is no setting that could end.", {
          hint: "Give --for with thresholds or off; default takes a setting back at once.",
        });
      }
      const { limitsUseCase } = await import("../../app/limits.js");
      const result = await limitsUseCase(app, plan, { ...changes, forMs: options.for ?? null });
      if (output.json) return output.out(JSON.stringify(result));
      output.out(`${result.plan}: ${describeLimits(result.limits) ?? "no limits"}`);
    }),
  );
};

/** `none`, or one window; may be given again. */
function windowOption(text: string, before?: readonly Window[] | "none"): readonly Window[] | "none" {
  if (text === "none" && before === undefined) return text;
  if (text === "none" || before === "none") throw new InvalidArgumentError("Give windows, or none.");
  const window = parseWindow(text);
  if (typeof window === "string") throw new InvalidArgumentError(window);
  return [...(before ?? []), window];
}

/** `replica-lag=10`, `replica-lag=4:10`, `archiver=off`, `archiver=default`; may be given again. */
function signal(text: string, before: readonly SignalChange[] = []): SignalChange[] {
  const [, name = "", slow, stop, word] = /^([a-z0-9-]+)=(?:(?:([\d.]+):)?([\d.]+)|(off|default))$/.exec(text) ?? [];
  if (!NAME.test(name)) {
    throw new InvalidArgumentError(`Give <name>=<value>, with a name of: ${SIGNAL_NAMES.join(", ")}.`);
  }
  if (word === "off" || word === "default") return [...before, { name, to: word }];
  const to = { slow: Number(slow ?? Number(stop) / 2), stop: Number(stop) };
  if (!(to.slow >= 0 && to.stop > 0 && to.slow <= to.stop))
    throw new InvalidArgumentError("Give a number above 0, or two as <slow>:<stop>, the smaller one first.");
  return [...before, { name, to }];
}
