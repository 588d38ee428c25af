/** How far a fill was, every few seconds; and what each look for rows that are due again has found. */
import type { Queryable, Session } from "../db/session.js";
import { sql } from "../sql/text.js";

/** Of the slices of one fill: pages behind their cursors, less what was put aside, plus what passes have begun. */
export const PAGES_DONE = sql`(sum(next - lo) + sum(ahead) - sum((select coalesce(sum((a->>1)::bigint - (a->>0)::bigint), 0)
                                            from jsonb_array_elements(aside) a)))::bigint`;

/** Notes how far it is, unless somebody did so within `everyMs`; old samples go. */
export async function recordSample(db: Queryable, revision: string, everyMs: number): Promise<void> {
  await db.run(
    sql`with gone as (delete from changeover.sample where revision = $1 and at < clock_timestamp() - interval '10 minutes')
        insert into changeover.sample (revision, rows, pages, held)
        select f.revision, coalesce(s.rows, 0), coalesce(s.pages, 0),
               p.paused_at is not null or (f.held and f.throttle is not null and f.throttle_until > clock_timestamp())
          from changeover.fill f
          join changeover.revision r on r.id = f.revision
          left join changeover.plan p on p.slug = r.plan
         cross join (select sum(rows) as rows, ${PAGES_DONE} as pages from changeover.slice where revision = $1) s
         where f.revision = $1 and not exists (
           select from changeover.sample where revision = $1 and at > clock_timestamp() - $2::int * interval '1 ms')
        on conflict do nothing`,
    [revision, everyMs],
  );
}

/** How far the look for rows that are due again has come; it counts for `forMs`. null: it is over. */
export async function noteSweep(db: Queryable, revision: string, part: number | null, forMs: number): Promise<void> {
  await db.run(
    sql`update changeover.fill set swept = $2, swept_until = clock_timestamp() + $3::int * interval '1 ms' where revision = $1`,
    [revision, part, forMs],
  );
}

/** Notes what a look has found, in the transaction that makes slices for it. */
export async function recordSweep(session: Session, revision: string, rows: number, tookMs: number): Promise<void> {
  await session.run(
    sql`insert into changeover.sweep (revision, since, began_at, rows, done)
        select f.revision, coalesce((select max(began_at) from changeover.sweep where revision = $1), f.started_at),
               clock_timestamp() - $3::float8 * interval '1 ms', $2,
               coalesce((select sum(rows) from changeover.slice where revision = $1), 0)
          from changeover.fill f where f.revision = $1`,
    [revision, rows, tookMs],
  );
}
