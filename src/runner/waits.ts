/** A statement that may take as long as it takes says meanwhile how far it is, and for whom it waits. */
import { fractionOf, readActivity } from "../db/activity.js";
import { type Blocker, describeBlocker, identityOf, remedyFor } from "../db/blockers.js";
import { look, type Vigil } from "../db/notice.js";
import { sleep } from "../sleep.js";
import type { RunnerContext } from "./context.js";

export type Place = {
  readonly revision: string;
  /** for people */
  readonly step: string;
};

export type WaitTeller = {
  /** Who is in the way now; nobody: it goes on. Says so when it is time to. */
  see(blockers: readonly Blocker[], phase: string | null): void;
  /** Looks who is in the way of these sessions. Not to see it is nothing to fail for. */
  look(pids: readonly number[]): Promise<void>;
};

/** One wait, told after some seconds and then ever more rarely, however often it is looked at. */
export function waitTeller(ctx: RunnerContext, at: Place): WaitTeller {
  let vigil: Vigil | null = null;
  const see: WaitTeller["see"] = (blockers, phase) => {
    const seen = look(ctx.ddl.notice, vigil, blockers.map(identityOf), ctx.ddl.now());
    vigil = seen.vigil;
    const { say, waitedMs } = seen;
    if (say === "over") ctx.emit({ kind: "step-resumed", ...at, waitedMs });
    if (say !== "waiting") return;
    ctx.emit({
      kind: "step-waiting",
      ...at,
      waitedMs,
      phase,
      pids: blockers.map((one) => one.pid),
      blockers: blockers.map(describeBlocker),
      remedy: remedyFor(blockers),
    });
  };
  return {
    see,
    look: async (pids) => {
      const activities = await readActivity(ctx.db, pids).catch(() => null);
      if (activities === null) return;
      const blockers = activities.flatMap(({ wait }) => wait?.blockers ?? []);
      const progress = activities.find((one) => one.progress !== null)?.progress ?? null;
      see(blockers, progress?.phase ?? null);
      const fraction = blockers.length > 0 || progress === null ? null : fractionOf(progress);
      if (fraction !== null && progress !== null) {
        ctx.emit({ kind: "step-progress", ...at, phase: progress.phase, fraction });
      }
    },
  };
}

/** Runs `work`, whose statement runs in the session with this pid, and looks at it from another one every second. */
export async function tellingWaits<T>(ctx: RunnerContext, at: Place, pid: number, work: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const teller = waitTeller(ctx, at);
  const telling = (async () => {
    for (;;) {
      await sleep(ctx.ddl.lookMs, over.signal);
      if (over.signal.aborted) return;
      await teller.look([pid]);
    }
  })();
  try {
    const result = await work();
    over.abort();
    await telling;
    teller.see([], null);
    return result;
  } finally {
    over.abort();
    await telling;
  }
}
