/** One connection to the Redis that the queue lives on: opened and tried, or refused with a reason that a person can use. */
import type { Redis } from "ioredis";
import { ChangeoverError } from "../../errors.js";
import { within } from "../../sleep.js";

/** From the first packet to a write that was taken. */
export const OPEN_MS = 3_000;
/** A socket that the other side does not close is destroyed after so long. */
const HANG_UP_MS = 500;

/** The queue's key prefix: a Redis is seldom for one program alone. */
export const PREFIX = "changeover";

export const MEANWHILE = "workers find what is due in the journal until it can be";

/** Where it is, without what opens it. */
export function placeOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || "6379"}`;
}

/** All that BullMQ does is a script that writes. */
const PROBE = "return redis.call('set', KEYS[1], '', 'PX', ARGV[1])";

/**
 * Connects, and proves that the queue may write: a full, read-only or loading Redis lets everybody in, and BullMQ would
 * then ask it again without a pause. It never reconnects by itself: whoever holds it opens another one, in their own time.
 * Throws `connection`.
 */
export async function connectRedis(url: string): Promise<Redis> {
  const { Redis } = await import("ioredis");
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: OPEN_MS,
    disconnectTimeout: HANG_UP_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: null,
    enableOfflineQueue: false,
    // Its INFO may be forbidden; the write below says more.
    enableReadyCheck: false,
  });
  let reason: unknown = null;
  client.on("error", (error) => {
    reason = error;
  });
  try {
    const tried = client.connect().then(() => client.eval(PROBE, 1, `${PREFIX}:probe`, OPEN_MS));
    const answered = await within(tried, OPEN_MS);
    // A database number that is too high would lead to number 0.
    if (answered && reason === null) return client;
    reason ??= new Error(`no answer within ${OPEN_MS / 1000} s`);
  } catch (error) {
    // The connection's own error says why; the promise's, only that it was closed.
    reason ??= error;
  }
  client.disconnect();
  const what = `Redis at ${placeOf(url)} cannot be used (${wordsOf(reason)})`;
  throw new ChangeoverError("connection", `${what}: ${MEANWHILE}.`, {
    hint: "Look at REDIS_URL and its server.",
    cause: reason,
  });
}

/** Names that lead to several addresses fail with one error each. */
export function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(wordsOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

const OLDEST = [6, 2] as const;

/** What in the answer to INFO a person should change, in sentences. Valkey names the Redis that it is compatible with. */
export function concernsOf(info: string): string[] {
  const value = (name: string) => new RegExp(`^${name}:(.*)$`, "m").exec(info)?.[1]?.trim();
  const concerns: string[] = [];
  const version = value("redis_version");
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  if (version !== undefined && (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])))
    concerns.push(`is version ${version}, and the queue is for ${OLDEST.join(".")} or newer`);
  const policy = value("maxmemory_policy");
  if (policy !== undefined && policy !== "noeviction")
    concerns.push(
      `may throw the queue's keys away (maxmemory-policy ${policy}), and wake-ups come late then; set it to noeviction`,
    );
  return concerns;
}
