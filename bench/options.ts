/** What is asked for on the command line, as values. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { ENGINES } from "./engines/engine.js";

export const SECTIONS = ["engines", "triggers", "catalog"] as const;
export type Section = (typeof SECTIONS)[number];

export type Options = {
  readonly sections: readonly Section[];
  readonly pg: number;
  readonly rows: number;
  readonly runs: number;
  readonly tables: number;
  /** of the server, over those that the benchmark chooses */
  readonly settings: Readonly<Record<string, string>>;
  /** of the engines; null: all */
  readonly only: readonly string[] | null;
  readonly json: string | null;
};

type Flags = {
  pg: number;
  rows?: number;
  runs?: number;
  tables?: number;
  set: Record<string, string>;
  only?: string[];
  json?: string;
  quick?: boolean;
  large?: boolean;
};

const ENGINE_NAMES = ENGINES.map(({ name }) => name);

const EXAMPLES = `
Sections:
  engines    backfills side by side: rows a second, WAL, growth, HOT, what the application feels, memory
  triggers   what the sync triggers cost the application's own writes
  catalog    plan and status on a catalog of many tables

It starts a PostgreSQL of its own, with its data below TMPDIR, and removes it at the end, also after Ctrl-C. All of it takes about an
hour; nothing else should run on the machine meanwhile.

Examples:
  npm run bench                                          # everything
  npm run bench -- --quick                               # does it work? one run, 100,000 rows
  npm run bench -- engines --json engines.json
  npm run bench -- engines --only update,changeover-2 --rows 300000 --runs 3
  npm run bench -- engines --large                       # 10,000,000 rows: one UPDATE against two workers
  npm run bench -- engines --set autovacuum=off --set fsync=off
  npm run bench -- triggers catalog --pg 14`;

/** Ends the process after --help, and on what it cannot read. */
export function readOptions(argv: readonly string[]): Options {
  const program = new Command("npm run bench --")
    .description("Measures the backfill, beside other ways to do the same work. Not a test: nothing passes or fails.")
    .addArgument(new Argument("[sections...]", "what to measure").argParser(section).default([], "all"))
    .addOption(new Option("--pg <major>", "the server").choices(["14", "15", "16", "17", "18"]).default("18"))
    .option("--rows <n>", "rows of the table (default: 1000000)", whole)
    .option("--runs <n>", "runs of each, interleaved; the medians are printed (default: 5)", whole)
    .option("--tables <n>", "tables of the catalog (default: 1000)", whole)
    .addOption(
      new Option("--set <name=value>", "a setting of the server; may be repeated")
        .argParser(setting)
        .default({}, "none"),
    )
    .option("--only <engines>", `of the engines ${ENGINE_NAMES.join(", ")}; with commas between`, engines)
    .option("--json <file>", "write every run, and the medians, to a file")
    .option("--quick", "a small trial: 100,000 rows, 1 run, 200 tables")
    .option("--large", "10,000,000 rows, and only the engines update and changeover-2")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See: npm run bench -- --help");
  program.parse([...argv], { from: "user" });
  return chosen(program.processedArgs[0] as Section[], program.opts<Flags>());
}

/** What was given stands; --quick and --large only change what was not. */
function chosen(sections: readonly Section[], flags: Flags): Options {
  const quick = flags.quick === true;
  const large = flags.large === true;
  return {
    sections: sections.length > 0 ? SECTIONS.filter((name) => sections.includes(name)) : SECTIONS,
    pg: Number(flags.pg),
    rows: flags.rows ?? (large ? 10_000_000 : quick ? 100_000 : 1_000_000),
    runs: flags.runs ?? (quick ? 1 : 5),
    tables: flags.tables ?? (quick ? 200 : 1_000),
    settings: flags.set,
    only: flags.only ?? (large ? ["update", "changeover-2"] : null),
    json: flags.json ?? null,
  };
}

function section(text: string, before: Section[]): Section[] {
  const found = SECTIONS.find((name) => name === text);
  if (found === undefined) throw new InvalidArgumentError(`There are ${SECTIONS.join(", ")}.`);
  return [...before, found];
}

function engines(text: string): string[] {
  const names = text.split(",");
  if (!names.every((name) => ENGINE_NAMES.includes(name)))
    throw new InvalidArgumentError(`There are ${ENGINE_NAMES.join(", ")}.`);
  return names;
}

function setting(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^(\w+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Give a name, =, and a value.");
  return { ...before, [name]: value };
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("Give a whole number from 1 on.");
  return value;
}
