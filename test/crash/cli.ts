/** The real command line in processes of its own, and what may be done to them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeAll } from "vitest";
import { redisOfProject } from "../support/redis.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const main = join(root, "dist/cli/main.js");
const preload = pathToFileURL(join(root, "test/crash/halt.mjs")).href;

/** Where a process is stopped; see halt.mjs. */
export type Halt = {
  /** of the session's application_name, after "changeover ": `^ddl`, `^fill`, `^lock`, `^$` for the pool */
  readonly app: string;
  readonly text: string;
  readonly nth?: number;
  readonly when: "before" | "after";
  /** kill: SIGKILL to itself. hold: until `go` */
  readonly act: "kill" | "hold";
};

export type LogLine = { readonly event?: string; readonly msg: string } & Readonly<Record<string, unknown>>;
export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Command = {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly logs: readonly LogLine[];
  /** the first line of its log, past or future, that the test looks for */
  log(matches: (line: LogLine) => boolean): Promise<LogLine>;
  /** resolves when it stands at its halt */
  halted(): Promise<{ app: string; text: string }>;
  /** lets it go on from its halt */
  go(): void;
  kill(signal: NodeJS.Signals): void;
  ended(): Promise<Ended>;
};

export type CommandOptions = {
  readonly halt?: Halt | undefined;
  /** a file for every statement that it sends */
  readonly statements?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
};

export type Cli = (url: string, args: readonly string[], options?: CommandOptions) => Command;

/** `directory`: holds `plans/`. What a test leaves running is ended with it. */
export function useCli(directory: () => string): Cli {
  const running = new Set<ChildProcess>();
  beforeAll(build);
  afterEach(async () => {
    await Promise.all(
      [...running].map(async (child) => {
        const end = once(child, "exit");
        child.kill("SIGKILL");
        await end;
      }),
    );
  });
  return (url, args, options = {}) => {
    const child = spawn(process.execPath, ["--import", preload, main, "-v", ...args], {
      cwd: directory(),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: url,
        CHANGEOVER_LOG: "json",
        CHANGEOVER_ACTOR: "tester",
        ...redisOfProject(),
        ...(options.halt === undefined ? {} : { CHANGEOVER_TEST_HALT: JSON.stringify(options.halt) }),
        ...(options.statements === undefined ? {} : { CHANGEOVER_TEST_STATEMENTS: options.statements }),
        ...options.env,
      },
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    return commandOf(child);
  };
}

function commandOf(child: ChildProcess): Command {
  const logs: LogLine[] = [];
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const look of waiting) look();
  };
  let stdout = "";
  let stderr = "";
  let halted: { app: string; text: string } | null = null;
  child.stdout?.on("data", (data) => {
    stdout += data;
  });
  if (child.stderr !== null)
    createInterface({ input: child.stderr }).on("line", (line) => {
      stderr += `${line}\n`;
      if (!line.startsWith("{")) return;
      logs.push(JSON.parse(line));
      changed();
    });
  child.on("message", (message: { halted?: { app: string; text: string } }) => {
    halted = message.halted ?? null;
    changed();
  });
  let over = false;
  let asked = false;
  const ended: Promise<Ended> = once(child, "close").then(([code, signal]) => {
    over = true;
    changed();
    return { code, signal, stdout, stderr };
  });
  /** Resolves with the first answer; rejects when the process ends without one. */
  const until = <T>(what: string, ask: () => T | undefined) =>
    new Promise<T>((resolve, reject) => {
      const look = () => {
        const answer = ask();
        if (answer === undefined && !over) return;
        waiting.delete(look);
        if (answer !== undefined) resolve(answer);
        else reject(new Error(`the process ended without ${what}:\n${stdout}${stderr}`));
      };
      waiting.add(look);
      look();
    });
  return {
    process: child,
    pid: child.pid ?? 0,
    logs,
    log: (matches) => until(`the log line ${matches}`, () => logs.find(matches)),
    halted: () => until("coming to its halt", () => halted ?? undefined),
    go: () => void child.send({ afterSignal: asked }),
    kill: (signal) => {
      asked ||= signal === "SIGTERM" || signal === "SIGINT";
      child.kill(signal);
    },
    ended: () => ended,
  };
}

/** dist/ as src/ is now; built by the first who finds it older. */
function build(): Promise<void> | void {
  const stamp = join(root, ".tmp/crash-built");
  const newest = String(newestIn(join(root, "src")));
  if (existsSync(main) && existsSync(stamp) && readFileSync(stamp, "utf8") === newest) return;
  const child = spawn(process.execPath, [join(root, "scripts/build.js")], { stdio: "inherit" });
  return once(child, "exit").then(([code]) => {
    if (code !== 0) throw new Error(`the build ended with ${code}`);
    mkdirSync(join(root, ".tmp"), { recursive: true });
    writeFileSync(stamp, newest);
  });
}

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}
