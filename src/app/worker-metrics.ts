/** A worker's metrics, served while it lives: its events, and the journal, read by connections of their own. */
import { readFile } from "node:fs/promises";
import { type Emit, silent } from "../events.js";
import { countPauses } from "../journal/journal.js";
import { createMetrics } from "../metrics/metrics.js";
import { serveMetrics } from "../metrics/server.js";
import { type MetricsAddress, requireConnection } from "./config.js";
import { type AppContext, contextOf } from "./context.js";
import { statusUseCase } from "./status.js";

/** Prometheus waits for ten seconds, by default. */
const SCRAPE_MS = 3_000;

export type ServedMetrics = {
  /** tells the metrics, and whoever was told before */
  readonly emit: Emit;
  close(): Promise<void>;
};

/** Throws `usage` where it cannot listen. */
export async function openMetrics(app: AppContext, address: MetricsAddress): Promise<ServedMetrics> {
  const looking = await onlooker(app);
  const metrics = createMetrics({
    version: await version(),
    read: async () => {
      const { report } = await statusUseCase(looking, { plan: null, require: null });
      return { report, pauses: report.journal ? await countPauses(looking.database()) : new Map() };
    },
    timeoutMs: SCRAPE_MS,
  });
  try {
    const server = await serveMetrics(address, metrics.page);
    app.emit({ kind: "metrics-served", url: server.url });
    return {
      emit: (event) => {
        metrics.emit(event);
        app.emit(event);
      },
      close: async () => {
        await server.close();
        await looking.close();
      },
    };
  } catch (error) {
    await looking.close();
    throw error;
  }
}

/** What is read for a scrape takes no connection from the work, and gives up when the server does not answer. */
function onlooker(app: AppContext): Promise<AppContext> {
  const connection = requireConnection(app.config);
  const { config, actor, now, signal } = app;
  const own = {
    ...connection,
    applicationName: `${connection.applicationName} metrics`,
    connectTimeoutMs: SCRAPE_MS,
    timeoutMs: 2 * SCRAPE_MS,
  };
  return contextOf({ config: { ...config, connection: own }, actor, now, signal, emit: silent });
}

async function version(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
