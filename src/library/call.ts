/** One call of the library: a context of its own, closed at its end, and one class of errors whatever went wrong. */
import { resolve } from "node:path";
import { checkedRedisUrl, checkedUrl } from "../app/config.js";
import { type AppContext, actorName, contextOf } from "../app/context.js";
import { declaredIn } from "../app/throttle.js";
import { asBlock } from "../app/worker-result.js";
import { NOTHING_DECLARED } from "../backfill/throttle/declared.js";
import type { ConnectionConfig } from "../db/pool.js";
import { ChangeoverError } from "../errors.js";
import { type Emit, silent } from "../events.js";
import type { Connection, Options, Queue, Throttling } from "./options.js";

/** Rejects with a ChangeoverError alone; what was a defect has the code `internal`, and its cause. */
export async function call<T>(options: Options & Queue & Throttling, use: (app: AppContext) => Promise<T>): Promise<T> {
  try {
    const app = await open(options);
    try {
      return await use(app);
    } finally {
      await app.close();
    }
  } catch (error) {
    throw asBlock(error);
  }
}

async function open(options: Options & Queue & Throttling): Promise<AppContext> {
  const { throttle, plans, onEvent, signal, clock, redisUrl } = options;
  const directory = resolve(options.directory ?? ".");
  return contextOf({
    config: {
      connection: connectionOf(options),
      redisUrl: redisUrl === undefined ? null : checkedRedisUrl(redisUrl, "redisUrl"),
      metrics: null,
      plans: resolve(directory, plans ?? "plans"),
      plansNamed: plans !== undefined,
      directory,
      throttle: throttle === undefined ? NOTHING_DECLARED : await declaredIn(throttle, "throttle"),
    },
    emit: onEvent === undefined ? silent : guarded(onEvent),
    signal: signal ?? new AbortController().signal,
    actor: options.actor ?? actorName({}),
    now: () => (clock ?? performance).now(),
  });
}

function connectionOf({ databaseUrl, server }: Connection): ConnectionConfig {
  const common = { applicationName: "changeover", connectTimeoutMs: 10_000 };
  if (databaseUrl !== undefined) return { url: checkedUrl(databaseUrl, "databaseUrl", false), ...common };
  // The types ask for it; a program without types, or with an empty setting, would get the driver's localhost.
  if (server?.host === undefined || server.host === "")
    throw new ChangeoverError("usage", "No database is named.", {
      hint: "Give databaseUrl (postgres://user:password@host:5432/database), or server with a host.",
    });
  return { url: null, server, ...common };
}

/** The sink is the caller's; what becomes of the change must not hang on it. */
function guarded(onEvent: Emit): Emit {
  return (event) => {
    try {
      onEvent(event);
    } catch {
      // Told nowhere: whom could it be told to?
    }
  };
}
