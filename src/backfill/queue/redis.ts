/**
 * The wake-up queue on Redis, for fleets of workers. One queue lives as long as its connections: when one of them ends, or
 * the server refuses to work, all of it is cut, and whoever holds it opens another with a growing pause. (Left to itself,
 * BullMQ asks a server that refuses again and again without one, and waits for one that is away for ever, also to close.)
 */
import type { Redis } from "ioredis";
import { within } from "../../sleep.js";
import { loadBullmq, makeBullmq } from "./bullmq.js";
import type { WakeQueue, WakeQueueOptions } from "./queue.js";
import { concernsOf, connectRedis, MEANWHILE, OPEN_MS, PREFIX, placeOf, wordsOf } from "./redis-server.js";

/** What a Redis that is well answers within; nothing waits for it longer. */
const ANSWER_MS = 2_000;
const CLOSE_MS = 2_000;

/** Of one job that was lost or taken over meanwhile, which costs nothing. */
const OF_A_JOB = /\bjob slice-\S+?(?=[.\s]|$)/;

/** Rejects with `connection` when the server cannot be reached, or may not be written. */
export async function openRedisQueue(options: WakeQueueOptions, url: string): Promise<WakeQueue> {
  const { createRedisBackend, withBackend } = await loadBullmq();
  const client = await connectRedis(url);
  const place = `Redis at ${placeOf(url)}`;
  // BullMQ would write to the console of what it does not like in INFO.
  const server = { prefix: PREFIX, skipVersionCheck: true };
  const { queue, worker, add } = makeBullmq(withBackend(createRedisBackend), client, options, server);
  const clients: Pick<Redis, "disconnect">[] = [client];
  const cut = () => {
    for (const one of clients) one.disconnect();
  };
  let over = false;
  let lost = `${place} is closed.`;
  const end = async (force: boolean) => {
    over = true;
    const ending = Promise.allSettled([worker.close(force), queue.close()]);
    if (!(await within(ending, CLOSE_MS))) {
      cut();
      await within(ending, CLOSE_MS);
    }
    cut();
  };
  const lose = (why: string) => {
    if (over) return;
    lost = `${place} cannot be used any more (${why}): ${MEANWHILE}.`;
    options.onTrouble(lost);
    void end(true);
  };
  const onError = (error: Error) => {
    if (over) return;
    if (OF_A_JOB.test(error.message)) options.onTrouble(`${place}: ${error.message.replace(OF_A_JOB, "a wake-up")}`);
    else lose(wordsOf(error));
  };
  queue.on("error", onError);
  worker.on("error", onError);
  client.once("end", () => lose("connection closed"));

  try {
    const ready = Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
    if (!(await within(ready, OPEN_MS))) throw new Error(`${place} does not answer.`);
    const blocking = await worker.getBackend().blockingClient;
    if (blocking !== undefined) {
      clients.push(blocking);
      // BullMQ stops to listen when it closes, and an error that nobody hears is printed.
      blocking.on("error", () => undefined);
      blocking.on("end", () => lose("connection closed"));
    }
    // A role that may not ask is not in the way.
    for (const concern of concernsOf(await client.info().catch(() => ""))) options.onNotice(`${place} ${concern}.`);
    if (over) throw new Error(lost);
  } catch (error) {
    await end(true);
    throw error;
  }
  worker.run().catch(onError);
  return {
    wake: async (slices) => {
      try {
        if (!over && !(await within(add(slices), ANSWER_MS))) lose(`no answer within ${ANSWER_MS / 1000} s`);
      } catch (error) {
        lose(wordsOf(error));
      }
      if (over) throw new Error(lost);
    },
    healthy: async () => !over && (await within(client.ping(), ANSWER_MS)),
    close: () => end(over),
  };
}
