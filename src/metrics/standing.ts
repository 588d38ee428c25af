/** Metrics of where everything stands, from a report of `status`: the same on whatever worker is asked. */
import { Counter, Gauge, type Registry } from "prom-client";
import { PLAN_STATES, type PlanReport, type RunnerJson, type StatusReport } from "../status/schema.js";

export type Seen = {
  readonly report: StatusReport;
  /** by plan: how often people have paused it */
  readonly pauses: ReadonlyMap<string, number>;
};

export type Standing = {
  /** null: the database could not be read; nothing that was read before is told as if it were now */
  show(seen: Seen | null): void;
};

export function standing(registry: Registry): Standing {
  const gauges: Gauge<string>[] = [];
  const gauge = (name: string, help: string, ...labelNames: string[]) => {
    const made = new Gauge({
      name: `changeover_${name}`,
      help,
      labelNames: ["plan", ...labelNames],
      registers: [registry],
    });
    gauges.push(made);
    return made;
  };
  const up = new Gauge({
    name: "changeover_up",
    help: "1: the journal could be read for this scrape; 0: it could not, and what comes from it is left out.",
    registers: [registry],
  });
  const fill = fillGauges(gauge);
  const state = gauge("plan_state", "1: the plan is in this state.", "state");
  const pauses = new Counter({
    name: "changeover_pauses_total",
    help: "How often people have paused the plan, by the journal.",
    labelNames: ["plan"],
    registers: [registry],
  });
  const verify = {
    progress: gauge("verify_progress_ratio", "Part of the table that the newest verify has compared."),
    rows: gauge("verify_rows", "Rows that it has compared."),
    mismatches: gauge("verify_mismatches", "Rows that it found not in step."),
  };
  const gate = gauge("gate_open", "1: the gate of the revision is open.", "gate");
  const condition = gauge(
    "gate_condition_open",
    "1: the condition is met, or was opened by hand.",
    "gate",
    "condition",
  );
  const step = {
    progress: gauge("step_progress_ratio", "How far the phase of an index build is.", "step", "phase"),
    done: gauge("step_units_done", "What of the phase is done: blocks, tuples or lockers.", "step", "phase", "of"),
    total: gauge("step_units_expected", "How many there are in all.", "step", "phase", "of"),
    running: gauge("step_running_seconds", "How long its statement has been running.", "step"),
    waiting: gauge("step_waiting_seconds", "How long it has waited for its lock.", "step"),
    blockers: gauge("step_blockers", "Who is in its way: sessions and prepared transactions.", "step"),
  };

  const showStep = (runner: RunnerJson, at: number) => {
    if (runner.revision === null) return;
    const which = { plan: runner.plan ?? runner.lock, step: runner.step ?? runner.revision };
    const { progress, wait } = runner;
    if (runner.runningSeconds !== null) step.running.set(which, runner.runningSeconds);
    if (progress !== null) {
      const { phase, fraction, counts } = progress;
      if (fraction !== null) step.progress.set({ ...which, phase }, fraction);
      if (counts !== null) step.done.set({ ...which, phase, of: counts.of }, counts.done);
      if (counts !== null) step.total.set({ ...which, phase, of: counts.of }, counts.total);
    }
    step.blockers.set(which, wait?.blockers.length ?? 0);
    if (wait?.since != null) step.waiting.set(which, Math.max(0, (at - Date.parse(wait.since)) / 1000));
  };
  const showPlan = (report: PlanReport) => {
    const { plan, verification, gates } = report;
    for (const one of PLAN_STATES) state.set({ plan, state: one }, one === report.state ? 1 : 0);
    fill.show(plan, report.backfill);
    if (verification !== null) {
      verify.progress.set({ plan }, verification.fraction);
      verify.rows.set({ plan }, verification.rows);
      verify.mismatches.set({ plan }, verification.mismatches);
    }
    for (const { revision, open, conditions } of gates) {
      gate.set({ plan, gate: revision }, open ? 1 : 0);
      for (const { kind, met, overridden } of conditions)
        condition.set({ plan, gate: revision, condition: kind }, met || overridden !== null ? 1 : 0);
    }
  };
  return {
    show: (seen) => {
      for (const one of [...gauges, pauses]) one.reset();
      up.set(seen === null ? 0 : 1);
      if (seen === null) return;
      const { report } = seen;
      for (const [plan, n] of seen.pauses) pauses.inc({ plan }, n);
      for (const plan of report.plans) showPlan(plan);
      for (const runner of report.runners) showStep(runner, Date.parse(report.at));
    },
  };
}

type MakeGauge = (name: string, help: string, ...labelNames: string[]) => Gauge<string>;

function fillGauges(gauge: MakeGauge) {
  const rows = gauge("backfill_rows", "Rows that all workers have filled.");
  const expected = gauge(
    "backfill_rows_expected",
    "Rows that will have been filled in the end, as far as can be told.",
  );
  const progress = gauge("backfill_progress_ratio", "Part of the table's pages that has been walked.");
  const sweep = gauge(
    "backfill_sweep_ratio",
    "Part of the table that has been looked through for rows that are due again.",
  );
  const rate = gauge("backfill_rows_per_second", "Rows a second over the last minute, by all workers.");
  const eta = gauge(
    "backfill_eta_seconds",
    "To the end of the fill, without pauses, at its better (low) and poorer (high) pace.",
    "bound",
  );
  const held = gauge("backfill_held_seconds", "Of the last ten minutes: how long it stood still, paused or held back.");
  const endless = gauge("backfill_endless", "1: as things stand it will never finish, for this reason.", "reason");
  const arrivals = gauge("backfill_arrivals_per_second", "Rows that come anew, where they keep it from its end.");
  const hot = gauge("backfill_hot_ratio", "Part of its updates that stayed on their page.");
  const wal = gauge("backfill_wal_bytes", "WAL that the server wrote while its batches ran.");
  const slices = gauge("slices", "Slices of the table, by state.", "state");
  const workers = gauge("workers", "Workers that hold a live lease.");
  const quarantine = gauge("quarantined_rows", "Failed rows that wait for someone to settle them.");
  const skipped = gauge("skipped_rows", "Failed rows that someone has said may stay unfilled.");
  const throttled = gauge("throttled", "1: the throttle holds its workers back.");
  return {
    show: (slug: string, fill: PlanReport["backfill"]) => {
      if (fill === null || fill.rowsEstimated === null) return;
      const plan = { plan: slug };
      rows.set(plan, fill.rowsDone);
      expected.set(plan, fill.rowsEstimated);
      progress.set(plan, fill.fraction);
      if (fill.sweeping !== null) sweep.set(plan, fill.sweeping);
      if (fill.rowsPerSecond !== null) rate.set(plan, fill.rowsPerSecond);
      if (fill.eta !== null) {
        eta.set({ ...plan, bound: "low" }, fill.eta.lowSeconds);
        eta.set({ ...plan, bound: "high" }, fill.eta.highSeconds);
        held.set(plan, fill.eta.heldSeconds);
      }
      if (fill.endless !== null) endless.set({ ...plan, reason: fill.endless.kind }, 1);
      if (fill.endless?.arrivalsPerSecond != null) arrivals.set(plan, fill.endless.arrivalsPerSecond);
      if (fill.hotShare !== null) hot.set(plan, fill.hotShare);
      wal.set(plan, fill.walBytes);
      for (const [state, n] of Object.entries(fill.slices)) slices.set({ ...plan, state }, n);
      workers.set(plan, fill.workers.length);
      quarantine.set(plan, fill.quarantined);
      skipped.set(plan, fill.skipped);
      throttled.set(plan, fill.throttle === null ? 0 : 1);
    },
  };
}
