/**
 * A real Redis (or Valkey) for a test file: a server of its own, on a free loopback port, which may be killed, emptied and
 * stopped; or, for suites that do nothing of that, the one of REDIS_URL. Where there is neither, the suites are skipped, and
 * say so; under CI they fail.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, inject } from "vitest";
import { PROGRAM } from "./redis-program.js";

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
  const server = new RedisProcess();
  beforeAll(async () => {
    if (PROGRAM !== undefined) await server.make();
  });
  afterAll(() => server.remove());
  return {
    get url() {
      return server.url;
    },
    ask: (command, ...args) => ask(server.url, command, args),
    kill: () => server.kill(),
    start: () => server.start(),
    freeze: () => void server.child?.kill("SIGSTOP"),
    thaw: () => void server.child?.kill("SIGCONT"),
  };
}

declare module "vitest" {
  interface ProvidedContext {
    /** Redis for the workers of every suite of this project; empty: they are woken by PostgreSQL */
    redis: string;
  }
}

/** For the environment of a command under test. */
export function redisOfProject(): { REDIS_URL?: string } {
  const url = inject("redis");
  return url ? { REDIS_URL: url } : {};
}

/** For a whole project: the one of REDIS_URL, or one of its own until it is stopped. */
export async function startRedis(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const given = process.env.REDIS_URL;
  if (given) return { url: given, stop: async () => undefined };
  const server = new RedisProcess();
  await server.make();
  return { url: server.url, stop: () => server.remove() };
}

class RedisProcess {
  child: ChildProcess | null = null;
  #port = 0;
  #folder = "";

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async make(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "changeover-redis-"));
    this.#port = await freePort();
    await this.start();
  }

  async start(): Promise<void> {
    this.child = await startServer(this.#port, this.#folder);
  }

  async kill(): Promise<void> {
    if (this.child === null) return;
    const ended = once(this.child, "exit");
    // One that stands still is woken by nothing else.
    this.child.kill("SIGKILL");
    await ended;
    this.child = null;
  }

  async remove(): Promise<void> {
    await this.kill();
    if (this.#folder !== "") await rm(this.#folder, { recursive: true, force: true });
  }
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
