/**
 * Where settings come from: flags over environment over `changeover.config.{ts,js,mjs,json}` over defaults. There is
 * never an implicit localhost: a database has to be named. An empty variable counts as not set.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Declared, NOTHING_DECLARED } from "../backfill/throttle/declared.js";
import type { ConnectionConfig } from "../db/pool.js";
import { ChangeoverError } from "../errors.js";
import type { FileConfig } from "./config-file.js";

export type Flags = {
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly metricsPort?: string | undefined;
  readonly metricsHost?: string | undefined;
  readonly plans?: string | undefined;
  readonly config?: string | undefined;
};

export type Config = {
  /** null: none named */
  readonly connection: ConnectionConfig | null;
  /** where workers' queue lives; null: in the database */
  readonly redisUrl: string | null;
  /** where a worker serves its metrics; null: nowhere */
  readonly metrics: MetricsAddress | null;
  /** the folder of plans, absolute */
  readonly plans: string;
  /** it was named, and is not the default that need not be there */
  readonly plansNamed: boolean;
  readonly directory: string;
  /** what people added to the signals that a backfill goes by */
  readonly throttle: Declared;
};

export type MetricsAddress = {
  readonly host: string;
  /** 0: any that is free */
  readonly port: number;
};

const FILE_NAMES = ["changeover.config.ts", "changeover.config.js", "changeover.config.mjs", "changeover.config.json"];

export async function loadConfig(directory: string, env: NodeJS.ProcessEnv, flags: Flags): Promise<Config> {
  const file = await readConfigFile(directory, flags.config);
  const named = firstOf([
    ["--database-url", given(flags.databaseUrl)],
    ["DATABASE_URL", given(env.DATABASE_URL)],
    ["databaseUrl of the configuration file", file.databaseUrl],
  ]);
  const redis = firstOf([
    ["--redis-url", given(flags.redisUrl)],
    ["REDIS_URL", given(env.REDIS_URL)],
    ["redisUrl of the configuration file", file.redisUrl],
  ]);
  const plans = given(flags.plans) ?? file.plans;
  // The other PG* variables say more about a server; only PGHOST names one.
  const host = given(env.PGHOST) !== undefined;
  return {
    connection:
      named === null && !host
        ? null
        : {
            url: named === null ? null : checkedUrl(named.url, named.from, host),
            applicationName: "changeover",
            connectTimeoutMs: 10_000,
          },
    redisUrl: redis === null ? null : checkedRedisUrl(redis.url, redis.from),
    metrics: metricsAddress(env, flags, file),
    plans: resolve(directory, plans ?? "plans"),
    plansNamed: plans !== undefined,
    directory,
    throttle: file.throttle ?? NOTHING_DECLARED,
  };
}

const LOOPBACK = "127.0.0.1";

function metricsAddress(env: NodeJS.ProcessEnv, flags: Flags, file: FileConfig): MetricsAddress | null {
  const host = given(flags.metricsHost) ?? given(env.CHANGEOVER_METRICS_HOST) ?? file.metricsHost ?? LOOPBACK;
  const port = firstOf([
    ["--metrics-port", given(flags.metricsPort)],
    ["CHANGEOVER_METRICS_PORT", given(env.CHANGEOVER_METRICS_PORT)],
    ["metricsPort of the configuration file", file.metricsPort === undefined ? undefined : String(file.metricsPort)],
  ]);
  return port === null ? null : checkedAddress({ host, port: port.url }, port.from);
}

/** Throws `usage`. */
export function checkedAddress(
  { host = LOOPBACK, port }: { readonly host?: string; readonly port: string | number },
  from: string,
): MetricsAddress {
  const value = /^\d{1,5}$/.test(String(port)) ? Number(port) : Number.NaN;
  if (value <= 65_535) return { host, port: value };
  throw new ChangeoverError("usage", `${from} is not a port.`, {
    hint: "Give a number up to 65535, e.g. 9464; 0 takes any that is free.",
  });
}

/** The connection, or what to set. */
export function requireConnection(config: Config): ConnectionConfig {
  if (config.connection !== null) return config.connection;
  throw new ChangeoverError("usage", "No database is named.", {
    hint: "Set DATABASE_URL (postgres://user:password@host:5432/database) or PGHOST and its like, or give --database-url.",
  });
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}

type NamedUrl = { readonly url: string; readonly from: string };

function firstOf(choices: readonly (readonly [from: string, url: string | undefined])[]): NamedUrl | null {
  const [found] = choices.flatMap(([from, url]) => (url === undefined ? [] : [{ from, url }]));
  return found ?? null;
}

/** Throws `usage`. The text may hold a password: no error repeats it. */
export function checkedUrl(url: string, from: string, hostInEnvironment: boolean): string {
  const hint = "Write it as postgres://user:password@host:5432/database; in a password, @ is %40 and / is %2F.";
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol))
    throw new ChangeoverError("usage", `${from} is not a PostgreSQL URI.`, { hint });
  // The driver would take localhost.
  if (parsed.hostname === "" && !parsed.searchParams.get("host") && !hostInEnvironment)
    throw new ChangeoverError("usage", `${from} names no host.`, { hint });
  return url;
}

/** Stricter than the driver, which takes localhost for no host, and a parameter for one of its own settings. */
export function checkedRedisUrl(url: string, from: string): string {
  const hint =
    "Write it as redis://user:password@host:6379/0, or rediss:// for TLS; in a password, @ is %40 and / is %2F.";
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol) || !isDecodable(parsed.username + parsed.password))
    throw new ChangeoverError("usage", `${from} is not a Redis URI.`, { hint });
  if (parsed.hostname === "") throw new ChangeoverError("usage", `${from} names no host.`, { hint });
  if (!/^(\/\d*)?$/.test(parsed.pathname))
    throw new ChangeoverError("usage", `${from} names a database that is not a number.`, { hint });
  if ([...parsed.searchParams.keys()].some((name) => name !== "family") || parsed.hash !== "")
    throw new ChangeoverError("usage", `${from} has a parameter that is not known here.`, { hint });
  return url;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

async function readConfigFile(directory: string, named: string | undefined): Promise<FileConfig> {
  const path =
    named === undefined
      ? FILE_NAMES.map((name) => resolve(directory, name)).find((name) => existsSync(name))
      : resolve(directory, named);
  if (path === undefined) return {};
  if (!existsSync(path)) {
    throw new ChangeoverError("usage", "There is no such configuration file.", {
      where: path,
      hint: "Correct --config, or leave it out.",
    });
  }
  // Loaded where there is one: its checker alone is a sixth of what a short command takes.
  const { readFileConfig } = await import("./config-file.js");
  return readFileConfig(path);
}
