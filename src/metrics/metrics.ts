/** All metrics of one worker: what happens in it, and where everything stands, read when somebody asks. */
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Emit } from "../events.js";
import { sleep } from "../sleep.js";
import { happened } from "./happened.js";
import type { Page } from "./server.js";
import { type Seen, standing } from "./standing.js";

export type MetricsOptions = {
  readonly version: string;
  /** Reads the journal; whatever it throws counts as a database that is away. */
  readonly read: () => Promise<Seen>;
  /** so long does a scrape wait for it */
  readonly timeoutMs: number;
};

export type Metrics = {
  readonly emit: Emit;
  /** In the text format of Prometheus. Never throws, and never waits for longer than the time limit. */
  page(): Promise<Page>;
};

export function createMetrics({ version, read, timeoutMs }: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "changeover_build_info",
    help: "Always 1; which version this is.",
    labelNames: ["version", "node"],
    registers: [registry],
  }).set({ version, node: process.version }, 1);
  const took = new Gauge({
    name: "changeover_journal_read_seconds",
    help: "How long this scrape has read the journal, or waited for it.",
    registers: [registry],
  });
  const events = happened(registry, () => performance.now());
  const stands = standing(registry);
  let reading: Promise<Seen | null> | null = null;

  /** One at a time, however many ask: a server that does not answer is not asked again meanwhile. */
  const readOnce = () => {
    reading ??= read()
      .catch(() => null)
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  const page = async (): Promise<Page> => {
    const began = performance.now();
    const over = new AbortController();
    const seen = await Promise.race([readOnce(), sleep(timeoutMs, over.signal).then(() => null)]);
    over.abort();
    const now = performance.now();
    took.set((now - began) / 1000);
    events.settle(now);
    stands.show(seen);
    return { type: registry.contentType, text: await registry.metrics() };
  };
  return { emit: events.emit, page };
}
