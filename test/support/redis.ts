/**
 * A real Redis (or Valkey) for a test file: a server of its own, on a free loopback port, which may be killed, emptied and
 * stopped; or, for suites that do nothing of that, the one of REDIS_URL. Where there is neither, the suites are skipped, and
 * say so; under CI they fail.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe } from "vitest";

export type TestRedis = {
  readonly url: string;
  /** one command, on a connection of the test's own */
  ask(command: string, ...args: string[]): Promise<unknown>;
};

export type OwnRedis = TestRedis & {
  /** Kills it with all that it holds. */
  kill(): Promise<void>;
  /** Starts it again, empty, where it was. */
  start(): Promise<void>;
  /** It answers nothing, and its connections stay. */
  freeze(): void;
  thaw(): void;
};

const PROGRAM = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => [join(folder, "redis-server"), join(folder, "valkey-server")])
  .find((file) => existsSync(file));

/** `describe` for suites on a server of their own. */
export const ownRedisSuite = () => (PROGRAM === undefined ? without("redis-server is not in PATH") : describe);

/** `describe` for suites that share a server with whoever is on it. */
export const redisSuite = () =>
  PROGRAM === undefined && !process.env.REDIS_URL
    ? without("redis-server is not in PATH, and REDIS_URL is not set")
    : describe;

function without(why: string): typeof describe.skip {
  if (process.env.CI) throw new Error(`The Redis suites cannot run: ${why}. (Without CI they are skipped.)`);
  process.stderr.write(`SKIPPED: Redis suites, because ${why}.\n`);
  return describe.skip;
}

/** The one of REDIS_URL, or one of its own; queues carry their journal's uuid, so they meet nobody's. */
export function useRedis(): TestRedis {
  const given = process.env.REDIS_URL;
  if (!given) return useOwnRedis();
  return { url: given, ask: (command, ...args) => ask(given, command, args) };
}

export function useOwnRedis(): OwnRedis {
  let port = 0;
  let folder = "";
  let server: ChildProcess | null = null;
  const url = () => `redis://127.0.0.1:${port}`;
  const start = async () => {
    server = await startServer(port, folder);
  };
  const kill = async () => {
    if (server === null) return;
    const ended = once(server, "exit");
    // One that stands still is woken by nothing else.
    server.kill("SIGKILL");
    await ended;
    server = null;
  };
  beforeAll(async () => {
    if (PROGRAM === undefined) return;
    folder = await mkdtemp(join(tmpdir(), "changeover-redis-"));
    port = await freePort();
    await start();
  });
  afterAll(async () => {
    await kill();
    if (folder !== "") await rm(folder, { recursive: true, force: true });
  });
  return {
    get url() {
      return url();
    },
    ask: (command, ...args) => ask(url(), command, args),
    kill,
    start,
    freeze: () => void server?.kill("SIGSTOP"),
    thaw: () => void server?.kill("SIGCONT"),
  };
}

async function startServer(port: number, folder: string): Promise<ChildProcess> {
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"];
  const server = spawn(PROGRAM ?? "redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    server.stdout?.on("data", (text) => {
      said += text;
      if (/ready to accept connections/i.test(said)) resolve();
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`Redis ended with ${code}:\n${said}`)));
  });
  return server;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

async function ask(url: string, command: string, args: string[]): Promise<unknown> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await client.call(command, ...args);
  } finally {
    client.disconnect();
  }
}
