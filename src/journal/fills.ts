/** Fills: what has been done of them, and how fast. */
import type { Queryable } from "../db/session.js";
import { sql } from "../sql/text.js";
import { opensText } from "./windows.js";

/** Why the fill is slower than it could be, for as long as that may last; `reason` null: nobody is in its way. */
export async function noteSlow(db: Queryable, revision: string, reason: string | null, forMs: number): Promise<void> {
  await db.run(
    sql`update changeover.fill set slow = $2, slow_until = clock_timestamp() + $3::int * interval '1 ms' where revision = $1`,
    [revision, reason, forMs],
  );
}

/** Why its workers hold back, for as long as that may last; null: they do not. */
export async function noteThrottle(
  db: Queryable,
  revision: string,
  { grade, reason }: { readonly grade: "go" | "slower" | "wait"; readonly reason: string | null },
  forMs: number,
): Promise<void> {
  await db.run(
    sql`update changeover.fill
           set throttle = $2, throttle_until = clock_timestamp() + $3::int * interval '1 ms', held = $4 where revision = $1`,
    [revision, reason, forMs, grade === "wait"],
  );
}

/** What a fill's run decides on; null: it was not seeded. */
export type FillCounts = {
  readonly due: number;
  readonly leased: number;
  readonly blocked: number;
  readonly done: number;
  /** rows that wait for someone to settle them */
  readonly quarantined: number;
  readonly paused: boolean;
  /** when the plan's next window opens; null: it may work now */
  readonly opens: string | null;
  /** the revision is still to be run: not done, not being undone */
  readonly running: boolean;
};

export async function countSlices(db: Queryable, revision: string): Promise<FillCounts | null> {
  return db.maybeOne<FillCounts>(
    sql`select count(*) filter (where s.state = 'due') as due, count(*) filter (where s.state = 'leased') as leased,
               count(*) filter (where s.state = 'blocked') as blocked, count(*) filter (where s.state = 'done') as done,
               (select count(*) from changeover.quarantine q where q.revision = f.revision and q.settled is null) as quarantined,
               bool_or(p.paused_at is not null) as paused, max(${opensText(sql`p.limits`)}) as opens, bool_and(r.state = 'running') as running
          from changeover.fill f
          join changeover.revision r on r.id = f.revision
          left join changeover.plan p on p.slug = r.plan
          left join changeover.slice s on s.revision = f.revision
         where f.revision = $1 group by f.revision`,
    [revision],
  );
}

export { readFills } from "./progress.js";
export { recordSample } from "./samples.js";
