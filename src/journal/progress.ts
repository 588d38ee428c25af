/** Fills as those see them who look on. */
import type { Queryable } from "../db/session.js";
import { integer } from "../sql/literal.js";
import { sql } from "../sql/text.js";
import { PAGES_DONE } from "./samples.js";
import type { FillProgress, FoundAgain, RowFailure, Sample } from "./state.js";

/**
 * Every fill (or one) as status and progress show it. A lease that has run out still counts as leased, but its worker no
 * longer as one. The rate is the newest sample of the last minute against its oldest, by the server's clock: the same
 * whoever asks, and null once the workers are gone.
 */
export async function readFills(db: Queryable, revision: string | null = null): Promise<FillProgress[]> {
  const rows = await db.query<FillRow>(
    sql`select f.revision, coalesce(s.pages, f.pages) as pages, f.rows_estimated, f.started_at,
               case when f.slow_until > clock_timestamp() then f.slow end as slow,
               case when f.throttle_until > clock_timestamp() then f.throttle end as throttle,
               case when f.swept_until > clock_timestamp() then f.swept end as sweeping, a.again,
               coalesce(s.hot, 0) as hot, coalesce(s.wal, 0) as wal,
               coalesce(s.rows, 0) as rows, coalesce(s.pages_done, 0) as pages_done,
               coalesce(s.due, 0) as due, coalesce(s.leased, 0) as leased,
               coalesce(s.blocked, 0) as blocked, coalesce(s.done, 0) as done,
               coalesce(s.workers, '{}') as workers, coalesce(s.waiting, '{}') as waiting,
               coalesce(s.failures, '[]') || coalesce(q.failures, '[]') as failures,
               coalesce(s.blocked, 0) + q.quarantined as quarantined, q.skipped, m.rate, coalesce(n.samples, '[]') as samples
          from changeover.fill f
          left join lateral (
            select sum(rows)::bigint as rows, sum(hot)::bigint as hot, sum(wal)::bigint as wal,
                   sum(hi - lo)::bigint as pages, ${PAGES_DONE} as pages_done,
                   count(*) filter (where state = 'due') as due, count(*) filter (where state = 'leased') as leased,
                   count(*) filter (where state = 'blocked') as blocked, count(*) filter (where state = 'done') as done,
                   array_agg(distinct worker order by worker) filter (where state = 'leased' and lease_until > clock_timestamp()) as workers,
                   array_agg(distinct waiting order by waiting) filter (where waiting is not null) as waiting,
                   jsonb_agg(error order by number) filter (where state = 'blocked') as failures
              from changeover.slice where revision = f.revision) s on true
          cross join lateral (
            select count(*) filter (where settled is null) as quarantined, count(*) filter (where settled is not null) as skipped,
                   jsonb_agg(jsonb_build_object('key', name, 'sqlstate', sqlstate, 'message', message) order by n)
                     filter (where settled is null and n <= ${integer(FAILURES_SHOWN)}) as failures
              from (select *, row_number() over (order by settled is not null, id) as n
                      from changeover.quarantine where revision = f.revision) noted) q
          left join lateral (
            select (greatest(max(rows) - min(rows), 0) / extract(epoch from max(at) - min(at)))::float8 as rate
              from changeover.sample
             where revision = f.revision and at > clock_timestamp() - interval '1 minute'
            having max(at) - min(at) >= interval '1 second') m on true
          left join lateral (
            select jsonb_agg(jsonb_build_object('at', extract(epoch from at), 'rows', rows, 'pages', pages, 'held', held) order by at) as samples
              from changeover.sample
             where revision = f.revision and at > clock_timestamp() - interval '10 minutes'
               and exists (select from changeover.revision r where r.id = f.revision and r.state = 'running')) n on true
          left join lateral (
            select jsonb_build_object(
                     'times', (select count(*) from changeover.sweep where revision = f.revision), 'rows', w.rows,
                     'seconds', extract(epoch from w.began_at - w.since),
                     'filled', greatest(coalesce(s.rows, 0) - w.done, 0),
                     'fillingSeconds', extract(epoch from clock_timestamp() - w.at),
                     'noted', (select count(*) from changeover.quarantine
                                where revision = f.revision and settled is null and noted_at > o.at),
                     'notedSeconds', extract(epoch from clock_timestamp() - o.at)) as again
              from (select * from changeover.sweep where revision = f.revision order by id desc limit 1) w
             cross join (select at from changeover.sweep where revision = f.revision order by id limit 1) o) a on true
         where $1::text is null or f.revision = $1
         order by f.started_at, f.revision`,
    [revision],
  );
  return rows.map((row) => ({
    revision: row.revision,
    pages: row.pages,
    pagesDone: row.pages_done,
    rowsEstimated: row.rows_estimated,
    rowsDone: row.rows,
    slices: { due: row.due, leased: row.leased, blocked: row.blocked, done: row.done },
    workers: row.workers,
    failures: row.failures,
    quarantined: row.quarantined,
    skipped: row.skipped,
    ...(row.waiting.length > 0 ? { waiting: row.waiting } : {}),
    ...(row.slow === null ? {} : { slow: row.slow }),
    ...(row.throttle === null ? {} : { throttle: row.throttle }),
    startedAt: row.started_at,
    rowsPerSecond: row.rate,
    hotShare: row.rows === 0 ? null : row.hot / row.rows,
    walBytes: row.wal,
    samples: row.samples,
    ...(row.sweeping === null ? {} : { sweeping: row.sweeping }),
    ...(row.again === null ? {} : { again: row.again }),
  }));
}

/** Of the rows in quarantine, so many are told with the fill; the list has them all. */
const FAILURES_SHOWN = 20;

type FillRow = {
  revision: string;
  pages: number;
  rows_estimated: number;
  started_at: Date;
  rows: number;
  pages_done: number;
  due: number;
  leased: number;
  blocked: number;
  done: number;
  workers: string[];
  waiting: string[];
  failures: RowFailure[];
  quarantined: number;
  skipped: number;
  rate: number | null;
  slow: string | null;
  throttle: string | null;
  hot: number;
  wal: number;
  samples: Sample[];
  sweeping: number | null;
  again: FoundAgain | null;
};
