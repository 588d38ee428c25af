/** The commands, and what is common to them: flags, context, signals, errors, exit codes. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { ChangeoverError, EXIT_CODES } from "../errors.js";
import type { Runner } from "./command.js";
import { COMMANDS } from "./commands/index.js";
import { eventSink } from "./events.js";
import { processOutput, report } from "./output.js";

type GlobalFlags = {
  databaseUrl?: string;
  redisUrl?: string;
  metricsPort?: string;
  metricsHost?: string;
  plans?: string;
  config?: string;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
};

export function buildProgram(): { run(argv: readonly string[]): Promise<number> } {
  const program = new Command("changeover")
    .description(
      "Zero-downtime schema changes for PostgreSQL: declare one change, review the SQL, roll it out under live traffic.",
    )
    .version(version())
    .option("--database-url <uri>", "the database (default: DATABASE_URL, or PGHOST and its like)")
    .option("--plans <folder>", "the folder of plans (default: plans)")
    .option("--config <file>", "configuration file (default: changeover.config.{ts,js,json})")
    .option("--json", "machine-readable output on stdout, JSON logs on stderr")
    .option("-q, --quiet", "no progress and no logs")
    .option("-v, --verbose", "log every statement")
    .showSuggestionAfterError()
    .addHelpText("after", EXIT_CODE_HELP);
  let exitCode = 0;

  const run: Runner = async (command, action) => {
    const flags = command.optsWithGlobals<GlobalFlags>();
    const output = processOutput(flags.json === true);
    const interrupt = new AbortController();
    const stop = interruptOn(interrupt);
    const sink = eventSink(output, { quiet: flags.quiet === true, verbose: flags.verbose === true });
    try {
      const { openContext } = await import("../app/context.js");
      const app = await openContext({
        directory: process.cwd(),
        env: process.env,
        flags,
        emit: sink.emit,
        signal: interrupt.signal,
      });
      try {
        const result = await action({ app, output });
        exitCode = typeof result === "number" ? result : 0;
        if (stop.by() === "SIGINT") exitCode = EXIT_CODES.interrupted;
      } finally {
        sink.close();
        await app.close();
      }
    } catch (error) {
      sink.close();
      exitCode = report(error, output);
      if (stop.by() === "SIGINT") exitCode = EXIT_CODES.interrupted;
    } finally {
      stop.release();
    }
  };

  for (const register of COMMANDS) register(program, run);
  for (const command of [program, ...allCommands(program)])
    command
      .exitOverride((error) => {
        throw usageError(error, command);
      })
      // Its words become one of our blocks.
      .configureOutput({ outputError: () => undefined });

  return {
    run: async (argv) => {
      const output = processOutput(jsonAsked(argv));
      // Help that nobody asked for is no JSON.
      if (output.json)
        for (const command of [program, ...allCommands(program)])
          command.configureOutput({ writeErr: () => undefined });
      try {
        await program.parseAsync([...argv]);
        return exitCode;
      } catch (error) {
        if (error instanceof CommanderError && error.exitCode === 0) return 0;
        return report(error, output);
      }
    },
  };
}

/** Asked before the command line is understood: also what is wrong in it is told as JSON. */
function jsonAsked(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end === -1 ? argv.length : end).includes("--json");
}

/** `error: unknown option '--al'` and a line `(Did you mean --all?)` → a sentence, and what to do. */
function usageError(error: CommanderError, command: Command): Error {
  if (error.exitCode === 0) return error;
  const name = fullName(command);
  // The help itself was printed: there is no command in the line.
  if (error.code === "commander.help")
    return new ChangeoverError("usage", "No command is given.", { hint: `See them: ${name} --help` });
  const [first = "", ...more] = error.message.replace(/^error: /, "").split("\n");
  const meant = more.map((line) => /^\((.*)\)$/.exec(line)?.[1] ?? line).join(" ");
  const sentence = first.charAt(0).toUpperCase() + first.slice(1);
  return new ChangeoverError("usage", /[.!?]$/.test(sentence) ? sentence : `${sentence}.`, {
    hint: `${meant === "" ? "" : `${meant} `}See: ${name} --help`,
  });
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}

/** The first signal asks for an orderly end; a second one ends at once. */
function interruptOn(controller: AbortController): { by: () => NodeJS.Signals | null; release: () => void } {
  let by: NodeJS.Signals | null = null;
  const onSignal = (signal: NodeJS.Signals) => {
    if (by !== null) process.kill(process.pid, "SIGKILL");
    by = signal;
    controller.abort(new ChangeoverError("interrupted", `Interrupted by ${signal}.`));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    by: () => by,
    release: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}

function version(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

const EXIT_CODE_HELP = `
Exit codes:
  0  done                    4  several heads, or an ambiguous target
  1  error                   5  checksum, drift or identity
  2  usage                   6  lock not obtained
  3  not there yet           7  closed gate, unallowed hazard or refused change
  130  interrupted`;
