/** A worker's metrics, scraped over HTTP while it fills, while the database is away, and after it has come back. */
import { readFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { pauseUseCase } from "../../../src/app/pause.js";
import { type WorkerInput, workerUseCase } from "../../../src/app/worker.js";
import { isChangeoverError } from "../../../src/errors.js";
import type { Event } from "../../../src/events.js";
import { changeLimits } from "../../../src/journal/limits.js";
import { useProject } from "../../support/app.js";
import { until } from "../../support/child.js";
import { useDatabase } from "../../support/database.js";
import { blocksOf } from "../../support/docs.js";
import { figure, parseExposition } from "../../support/exposition.js";
import { rolloutOf } from "../../support/rollout.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer not null, note text);
  insert into app.orders select n, n, repeat('x', 200) from generate_series(1, 20000) n;
`);
const project = useProject(() => way.url);
const orders = rolloutOf(project, "orders");
const plan = { plan: "orders" };
const LOOPBACK = { host: "127.0.0.1", port: 0 };

let url = "";
let stop = new AbortController();
let ended: Promise<unknown> = Promise.resolve();
const scrape = async () => {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(await response.text());
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return parseExposition(await response.text());
};
const work = (input: Partial<WorkerInput>, emit: (event: Event) => void = () => undefined) =>
  project.run((app) => workerUseCase(app, { drain: false, concurrency: 2, plan: null, pollMs: 50, ...input }), {
    signal: stop.signal,
    emit,
  });
const set = (limits: Parameters<typeof changeLimits>[2]) =>
  database.db.borrow((session) => changeLimits(session, "orders", limits));

/** The worker's way to the server, which can be cut. */
const way = {
  url: "",
  listener: createServer(),
  sockets: new Set<Socket>(),
  open: async () => {
    const target = new URL(database.url);
    const server = { port: Number(target.port), host: target.hostname };
    const port = way.url === "" ? 0 : Number(new URL(way.url).port);
    way.listener = createServer((near) => {
      const far = connect(server);
      for (const one of [near, far]) {
        way.sockets.add(one);
        one.on("error", () => undefined);
        one.on("close", () => [near, far].map((end) => end.destroy()));
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => way.listener.listen(port, "127.0.0.1", resolve));
    const bound = way.listener.address() as AddressInfo;
    target.hostname = bound.address;
    target.port = String(bound.port);
    way.url = target.toString();
  },
  cut: async () => {
    const closed = new Promise((resolve) => way.listener.close(resolve));
    for (const socket of way.sockets) socket.destroy();
    way.sockets.clear();
    await closed;
  },
};

beforeAll(async () => {
  await way.open();
  await project.writeChange(
    "0001-orders",
    "change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\nsoak: 0s\n",
  );
  await orders.plan(true);
  await orders.upgrade("head");
  // Other tests ask for checkpoints.
  await set({ rowsPerSecond: 500, signals: [{ name: "checkpoints", to: "off" }] });
  const served = new Promise<string>((resolve) => {
    ended = work({ metrics: LOOPBACK }, (event) => event.kind === "metrics-served" && resolve(event.url));
  });
  url = await served;
});
afterAll(async () => {
  stop.abort();
  await ended;
  await way.cut();
});

describe("while a fill runs", () => {
  test("everything that is told has its figure, by the rules of the format and of names", async () => {
    const families = await until(async () => {
      const found = await scrape();
      return (figure(found, "changeover_backfill_rows", plan) ?? 0) > 0 && found;
    });
    const value = (name: string, labels: Record<string, string> = plan) =>
      figure(families, `changeover_${name}`, labels);
    expect(value("up", {})).toBe(1);
    expect(value("build_info", { node: process.version })).toBe(1);
    const rows = value("rows_filled_total") ?? 0;
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(20_000);
    expect(value("backfill_rows")).toBeGreaterThan(0);
    expect(value("backfill_progress_ratio")).toBeGreaterThan(0);
    expect(value("backfill_progress_ratio")).toBeLessThan(1);
    expect(value("backfill_wal_bytes")).toBeGreaterThan(rows * 20);
    expect(value("batch_wal_bytes_total")).toBeGreaterThan(0);
    expect(value("backfill_hot_ratio")).toBeGreaterThanOrEqual(0);
    expect(value("batch_duration_seconds", { ...plan, le: "+Inf" })).toBe(value("batches_total"));
    expect(value("slices", { ...plan, state: "leased" })).toBeGreaterThan(0);
    expect(value("workers")).toBe(1);
    expect(value("plan_state", { ...plan, state: "running" })).toBe(1);
    expect(value("plan_state", { ...plan, state: "blocked" })).toBe(0);
    expect(value("gate_open", { ...plan, gate: "drop" })).toBe(0);
    expect(value("gate_condition_open", { ...plan, gate: "drop", condition: "backfill" })).toBe(0);
    expect(value("quarantined_rows")).toBe(0);
    expect(value("throttle_signal_value", { ...plan, signal: "connections" })).toBeGreaterThan(0);
    expect(value("throttle_signal_threshold", { ...plan, signal: "connections", grade: "wait" })).toBe(0.95);
    expect(value("throttle_active", { ...plan, signal: "connections", grade: "wait" })).toBe(0);
    expect(value("throttle_signal_value", { ...plan, signal: "checkpoints" })).toBeUndefined();
    expect(figure(families, "process_resident_memory_bytes")).toBeGreaterThan(0);
    for (const { name, type } of families.values()) {
      if (!name.startsWith("changeover_")) continue;
      // A counter of Prometheus ends in _total, and nothing else does; units are base units.
      expect(name.endsWith("_total"), name).toBe(type === "counter");
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|kb|mb|percent)(_|$)/);
    }
  });

  test("a signal that holds it back is on, with what it shows and from where on it counts; a pause is counted", async () => {
    await set({ signals: [{ name: "connections", to: { slow: 1e-9, stop: 1e-9 } }] });
    const held = { ...plan, signal: "connections", grade: "wait" };
    await until(async () => figure(await scrape(), "changeover_throttle_active", held) === 1);
    await until(async () => figure(await scrape(), "changeover_throttled", plan) === 1);
    expect(figure(await scrape(), "changeover_throttle_signal_threshold", held)).toBe(1e-9);
    await set({ signals: [{ name: "connections", to: "default" }] });
    await until(async () => figure(await scrape(), "changeover_throttle_active", held) === 0);

    expect(figure(await scrape(), "changeover_pauses_total", plan)).toBeUndefined();
    await project.run((app) => pauseUseCase(app, "pause", "orders"));
    await until(async () => figure(await scrape(), "changeover_plan_state", { ...plan, state: "paused" }) === 1);
    await project.run((app) => pauseUseCase(app, "resume", "orders"));
    expect(figure(await scrape(), "changeover_pauses_total", plan)).toBe(1);
  });

  test("a journal that does not answer is told as away, in time, and nothing of it as if it were now", async () => {
    const holder = await database.client();
    await holder.query("begin; lock table changeover.plan");
    const families = await scrape();
    expect(figure(families, "changeover_up")).toBe(0);
    expect(families.get("changeover_backfill_rows")?.samples).toEqual([]);
    expect(figure(families, "changeover_batches_total", plan)).toBeGreaterThan(0);
    expect(figure(families, "changeover_journal_read_seconds")).toBeLessThan(9);
    await holder.query("commit");
    await until(async () => figure(await scrape(), "changeover_up") === 1);
  });

  test("a database that has gone is no error; once it is back, so are its figures, and what was counted is still there", async () => {
    const before = figure(await scrape(), "changeover_rows_filled_total", plan) ?? 0;
    await way.cut();
    await until(async () => figure(await scrape(), "changeover_up") === 0);
    expect(await (await fetch(url.replace("metrics", "healthz"))).text()).toBe("ok\n");
    expect(figure(await scrape(), "changeover_rows_filled_total", plan)).toBeGreaterThanOrEqual(before);
    await way.open();
    await until(async () => figure(await scrape(), "changeover_up") === 1);
    await set({ rowsPerSecond: null });
    const done = { ...plan, gate: "drop", condition: "verified" };
    await until(async () => figure(await scrape(), "changeover_gate_condition_open", done) === 1, 40_000);
    const families = await scrape();
    expect(figure(families, "changeover_backfill_rows", plan)).toBe(20_000);
    expect(figure(families, "changeover_backfill_progress_ratio", plan)).toBe(1);
    expect(figure(families, "changeover_verify_rows", plan)).toBe(20_000);
    expect(figure(families, "changeover_verify_mismatches", plan)).toBe(0);
    expect(figure(families, "changeover_rows_filled_total", plan)).toBe(20_000);
    expect(families.get("changeover_retries_total")?.samples.map(({ labels }) => labels.plan)).not.toContain(undefined);
  });
});

test("the page tells of every metric, and of no other", async () => {
  const page = await readFile("docs/watching.md", "utf8");
  const named = new Set([...page.matchAll(/changeover_[a-z_]+/g)].map(([name]) => name));
  const served = [...(await scrape()).keys()].filter((name) => name.startsWith("changeover_"));
  expect([...named].sort()).toEqual(served.sort());
  const yaml = (await blocksOf("docs/watching.md", "Metrics")).filter(({ language }) => language === "yaml");
  expect(yaml.map(({ text }) => Object.keys(parse(text) as object))).toEqual([["scrape_configs"], ["groups"]]);
});

describe("the server", () => {
  test("knows two paths, and one way to ask", async () => {
    expect((await fetch(url.replace("metrics", "healthz"))).status).toBe(200);
    expect((await fetch(url.replace("metrics", ""))).status).toBe(404);
    expect((await fetch(url, { method: "POST" })).status).toBe(405);
    expect(await (await fetch(url, { method: "HEAD" })).text()).toBe("");
    expect(new URL(url).hostname).toBe("127.0.0.1");
  });

  test("that finds its port taken is one clear error, and nothing has begun", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const error = await work({ metrics: { host: "127.0.0.1", port } }).catch((thrown: unknown) => thrown);
    other.close();
    expect(isChangeoverError(error) && [error.exitCode, error.message]).toEqual([
      2,
      `No metrics can be served at 127.0.0.1:${port}: the port is taken.`,
    ]);
  });

  test("ends with its worker", async () => {
    stop.abort();
    await ended;
    await expect(fetch(url)).rejects.toThrow();
    stop = new AbortController();
  });
});
