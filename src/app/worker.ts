/**
 * `worker`: brings every plan that has begun through its backfill phase and its verify; never contracts. Slices are worked
 * by the queue's wake-ups; the revisions themselves, one runner a plan, under the plan's lock.
 */
import { hostname } from "node:os";
import type { FillRevision } from "../backfill/statements.js";
import { startSliceWorker } from "../backfill/worker.js";
import { ensureJournal } from "../journal/install.js";
import { readRevisionText } from "../journal/journal.js";
import { outsideWords } from "../journal/windows.js";
import { parseRevision } from "../revisions/format.js";
import { findPlan } from "../revisions/targets.js";
import { Bell } from "../sleep.js";
import { splitStatements } from "../sql/split.js";
import type { MetricsAddress } from "./config.js";
import type { AppContext } from "./context.js";
import { defaultConcurrency } from "./executor.js";
import { readPlans, readProject } from "./project.js";
import { loadTransform } from "./transform.js";
import { PlanDesk } from "./worker-desk.js";
import { openMetrics } from "./worker-metrics.js";
import { openOutlook, type View } from "./worker-outlook.js";
import { type WorkerResult, workerResult } from "./worker-result.js";
import { Outage, Upkeep } from "./worker-upkeep.js";

export type { WorkerResult } from "./worker-result.js";

export type WorkerInput = {
  /** end when nothing can run now */
  readonly drain: boolean;
  readonly concurrency: number | null;
  /** this plan alone, by its slug or its folder's name */
  readonly plan: string | null;
  /** where it serves its metrics; left out: nowhere */
  readonly metrics?: MetricsAddress | null;
  /** how often the journal is looked through, in milliseconds; for tests */
  readonly pollMs?: number;
};

const POLL_MS = 1_000;

/** Throws `not-found` for a plan that nobody knows, and what keeps a worker from starting at all. */
export async function workerUseCase(given: AppContext, input: WorkerInput): Promise<WorkerResult> {
  const metrics = input.metrics == null ? null : await openMetrics(given, input.metrics);
  try {
    return await work(metrics === null ? given : { ...given, emit: metrics.emit }, input);
  } finally {
    await metrics?.close();
  }
}

async function work(app: AppContext, input: WorkerInput): Promise<WorkerResult> {
  const db = app.database();
  const project = await readProject(app);
  const only = input.plan === null ? null : findPlan(project.known, input.plan);
  const meta = await ensureJournal(db, app.emit);
  const bell = new Bell();
  const onSignal = () => bell.ring();
  app.signal.addEventListener("abort", onSignal);
  const fills = fillLoader(app, only);
  const pollMs = input.pollMs ?? POLL_MS;
  const concurrency = input.concurrency ?? defaultConcurrency();
  const slices = startSliceWorker({
    db,
    journal: meta.uuid,
    worker: `${hostname()}:${process.pid}`,
    concurrency,
    emit: app.emit,
    load: fills.load,
    onFailure: (revision, error) => desk.refuse(fills.planOf(revision), error),
    onCall: onSignal,
    sweepMs: pollMs,
    redisUrl: app.config.redisUrl,
    declared: app.config.throttle,
  });
  const desk = new PlanDesk({ app, slices, concurrency, drain: input.drain, pollMs, onMoved: () => bell.ring() });
  try {
    return await rounds(app, { drain: input.drain, only, pollMs, bell, desk });
  } finally {
    app.signal.removeEventListener("abort", onSignal);
    await desk.end();
    await slices.close();
  }
}

type Rounds = {
  readonly drain: boolean;
  readonly only: string | null;
  readonly pollMs: number;
  readonly bell: Bell;
  readonly desk: PlanDesk;
};

/** The worker's life: look, do what is due, nap. */
async function rounds(app: AppContext, { drain, only, pollMs, bell, desk }: Rounds): Promise<WorkerResult> {
  const look = openOutlook(app);
  const told = new Set<string>();
  const outside = new Map<string, string | null>();
  const outage = new Outage(app, drain, pollMs);
  const upkeep = new Upkeep(app);
  while (!app.signal.aborted) {
    let napMs = pollMs;
    try {
      const all = await look();
      const view = only === null ? all : onlyPlan(all, only);
      for (const slug of view.elsewhere) {
        if (!told.has(slug)) app.emit({ kind: "notice", message: noFiles(slug, app.config.plans) });
        told.add(slug);
      }
      for (const [slug, todo] of view.todos) {
        const opens = todo.kind === "paused" ? todo.opens : null;
        const message = opens === null ? null : `${slug} is ${outsideWords(opens)}.`;
        if (message !== null && message !== outside.get(slug)) app.emit({ kind: "notice", message });
        outside.set(slug, message);
      }
      await upkeep.keep(view, outage.over());
      desk.turn(view);
      if (drain && desk.isIdle(view)) return workerResult(desk.standings(view), false);
    } catch (error) {
      napMs = outage.survive(error);
    }
    await bell.nap(napMs);
  }
  return workerResult([], true);
}

function onlyPlan(view: View, slug: string): View {
  const todo = view.todos.get(slug);
  return {
    ...view,
    todos: new Map(todo === undefined ? [] : [[slug, todo]]),
    elsewhere: view.elsewhere.filter((one) => one === slug),
  };
}

function noFiles(slug: string, folder: string): string {
  return `${slug} is under way in this database, but its files are not in ${folder}: this worker fills its rows where they are being filled, and leaves the rest to one that has them.`;
}

/** The fills that slices belong to, from the text that the journal keeps: it stays the same for as long as a fill lives. */
function fillLoader(app: AppContext, only: string | null) {
  const known = new Map<string, FillRevision>();
  return {
    planOf: (id: string) => known.get(id)?.plan ?? id,
    /** null: not to be worked on here */
    load: async (id: string): Promise<FillRevision | null> => {
      let fill = known.get(id);
      if (fill === undefined) {
        const text = await readRevisionText(app.database(), id);
        if (text === null) return null;
        const revision = parseRevision(text, `journal:${id}`, splitStatements);
        if (revision.fill === null) return null;
        fill = { ...revision, fill: revision.fill };
        known.set(id, fill);
      }
      if (fill.fill.transform !== null && fill.compute === undefined && (only === null || fill.plan === only)) {
        // A plan whose files are elsewhere is no trouble of this worker's.
        const here = (await readPlans(app, { lenient: true })).plans.some(({ slug }) => slug === fill?.plan);
        if (!here) return null;
        fill = { ...fill, compute: (await loadTransform(app, fill)) ?? undefined };
        known.set(id, fill);
      }
      return only === null || fill.plan === only ? fill : null;
    },
  };
}
