/** A statement that may take as long as it takes says meanwhile how far it is, and for whom it waits. */
import { fractionOf, readActivity } from "../db/activity.js";
import { type Blocker, describeBlocker, identityOf, remedyFor } from "../db/blockers.js";
import { look, type Vigil } from "../db/notice.js";
import type { Queryable } from "../db/session.js";
import { sleep } from "../sleep.js";
import { type QualifiedName, qualified } from "../sql/identifier.js";
import { sql } from "../sql/text.js";
import type { RunnerContext } from "./context.js";

export type Place = {
  readonly revision: string;
  /** for people */
  readonly step: string;
};

/** A statement that goes over a table, and may take as long as that is. */
export type Running = Place & { readonly tables: readonly QualifiedName[] };

export type WaitTeller = {
  /** Who is in the way now; nobody: it goes on. Says so when it is time to. */
  see(blockers: readonly Blocker[], phase: string | null): void;
  /** Looks who is in the way of these sessions. Not to see it is nothing to fail for. */
  look(pids: readonly number[]): Promise<void>;
};

/** One wait, told after some seconds and then ever more rarely, however often it is looked at. */
export function waitTeller(ctx: RunnerContext, given: Place & Partial<Running>): WaitTeller {
  const { tables, ...at } = given;
  let bytes: number | null = null;
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
      if (blockers.length > 0) return;
      const fraction = progress === null ? null : fractionOf(progress);
      const runningMs = activities[0]?.ageMs ?? null;
      const told = { kind: "step-progress", ...at, fraction, runningMs } as const;
      if (progress !== null && fraction !== null) {
        const { phase, of, done, total } = progress;
        ctx.emit({ ...told, phase, counts: { of, done, total }, tableBytes: null });
      } else if (progress === null && tables !== undefined && tables.length > 0 && activities.length > 0) {
        bytes ??= await sizeOf(ctx.db, tables);
        ctx.emit({ ...told, phase: "running", counts: null, tableBytes: bytes });
      }
    },
  };
}

/** Runs `work`, whose statement runs in the session with this pid, and looks at it from another one every second. */
export async function tellingWaits<T>(
  ctx: RunnerContext,
  at: Running,
  pid: number,
  work: () => Promise<T>,
): Promise<T> {
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

/** Bytes of the largest of them, which is the one that takes its time; null: not to be told. */
async function sizeOf(db: Queryable, tables: readonly QualifiedName[]): Promise<number | null> {
  const row = await db
    .maybeOne<{ bytes: number | null }>(
      sql`select max(pg_table_size(to_regclass(name)))::float8 as bytes from unnest($1::text[]) name`,
      [tables.map(qualified)],
    )
    .catch(() => null);
  return row?.bytes ?? null;
}
