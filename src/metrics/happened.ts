/** Metrics of what this process does, from its events: counters that start with it. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Emit, Event } from "../events.js";

export type Happened = {
  readonly emit: Emit;
  /** Right before a scrape: what the throttle last read counts as long as it reads. */
  settle(now: number): void;
};

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SIGNALS_MS = 30_000;

type Signals = { readonly at: number; readonly event: Extract<Event, { kind: "signals-read" }> };

export function happened(registry: Registry, now: () => number): Happened {
  const registers = [registry];
  const counter = (name: string, help: string, ...more: string[]) =>
    new Counter({ name: `changeover_${name}`, help, labelNames: ["plan", ...more], registers });
  const gauge = (name: string, help: string, ...more: string[]) =>
    new Gauge({ name: `changeover_${name}`, help, labelNames: ["plan", ...more], registers });
  const rows = counter("rows_filled_total", "Rows that this process has filled.");
  const hot = counter(
    "rows_hot_total",
    "Of the rows that this process has filled, those whose update stayed on its page.",
  );
  const batches = counter("batches_total", "Transactions of a fill that this process has committed.");
  const wal = counter(
    "batch_wal_bytes_total",
    "Bytes of WAL that the server wrote while batches of this process ran, by its share of the workers.",
  );
  const duration = new Histogram({
    name: "changeover_batch_duration_seconds",
    help: "How long the statements of a batch took.",
    labelNames: ["plan"],
    buckets: SECONDS,
    registers,
  });
  const quarantined = counter("rows_quarantined_total", "Rows that this process has put into quarantine.");
  const retries = counter("retries_total", "Slices that were given back to be tried again, by SQLSTATE.", "sqlstate");
  const lost = counter("lease_losses_total", "Slices that somebody else had taken over from this process.");
  const steps = counter("step_retries_total", "Statements that did not get their lock, and were tried again.", "step");
  const active = gauge(
    "throttle_active",
    "1: by this signal the throttle slows a fill down (grade slower) or stops it (grade wait).",
    ...["signal", "grade"],
  );
  const value = gauge(
    "throttle_signal_value",
    "What the signal shows, in its own unit; NaN: it cannot be read.",
    "signal",
  );
  const threshold = gauge("throttle_signal_threshold", "From where on the signal counts.", "signal", "grade");
  const signals = new Map<string, Signals>();
  const plans = new Map<string, string>();

  return {
    emit: (event) => {
      switch (event.kind) {
        case "batch-done": {
          const plan = { plan: event.plan ?? event.revision };
          batches.inc(plan);
          rows.inc(plan, event.rows);
          hot.inc(plan, event.hot);
          wal.inc(plan, Math.max(0, event.walBytes));
          duration.observe(plan, event.ms / 1000);
          return;
        }
        case "row-quarantined":
          quarantined.inc({ plan: event.plan ?? event.revision });
          return;
        case "slice-retry":
          retries.inc({ plan: event.plan ?? event.revision, sqlstate: event.sqlstate });
          return;
        case "lease-lost":
          lost.inc({ plan: event.plan ?? event.revision });
          return;
        case "step-retry":
          steps.inc({ plan: plans.get(event.revision) ?? event.revision, step: event.step });
          return;
        case "revision-started":
          if (event.plan !== null) plans.set(event.revision, event.plan);
          return;
        case "signals-read":
          signals.set(event.revision, { at: now(), event });
          return;
      }
    },
    settle: (at) => {
      for (const one of [active, value, threshold]) one.reset();
      for (const [revision, seen] of signals) {
        if (at - seen.at > SIGNALS_MS) signals.delete(revision);
        else show(seen.event);
      }
    },
  };

  function show({ plan: slug, revision, signals: read }: Signals["event"]): void {
    const plan = slug ?? revision;
    for (const { signal, grade, value: seen, slow, stop } of read) {
      active.set({ plan, signal, grade: "slower" }, grade === "slower" ? 1 : 0);
      active.set({ plan, signal, grade: "wait" }, grade === "wait" ? 1 : 0);
      value.set({ plan, signal }, seen ?? Number.NaN);
      threshold.set({ plan, signal, grade: "slower" }, slow);
      threshold.set({ plan, signal, grade: "wait" }, stop);
    }
  }
}
