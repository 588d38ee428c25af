/**
 * What a server shows of its distress, each by one cheap query: a number, whose it is, and from where on it is too much. A
 * query gives rows `value`, `whose` and `clears` (what a person can do); a value that this role may not see comes as NULL, and
 * counts as too much.
 */
import { type QualifiedName, qualified } from "../../sql/identifier.js";
import { literal } from "../../sql/literal.js";
import { type SqlText, sql } from "../../sql/text.js";
import { HELD } from "../pace/horizon.js";
import type { Bounds, Reading } from "./judge.js";
import type { SignalName } from "./names.js";
import { PerMinute } from "./rates.js";
import { Silence } from "./standbys.js";

/** Where a query is asked, and for which table. */
export type Ground = {
  readonly table: QualifiedName;
  readonly serverVersion: number;
  /** it has what pg_monitor gives */
  readonly monitor: boolean;
};

/** Makes something of several looks, one after the other. */
export type Memory = { see(rows: readonly Reading[], nowMs: number): readonly Reading[] };

export type Signal = Bounds & {
  /** what it means, for people; `whose` is what the query gives */
  readonly says: (value: number, whose: string) => string;
  /** absent: each look stands for itself */
  readonly memory?: () => Memory;
  /** a row where there is something to read; absent: everywhere */
  readonly applies?: SqlText;
  readonly query: (ground: Ground) => SqlText;
};

const share = (value: number) => `${Math.round(value * 100)} %`;
const plural = (n: number, one: string) => `${Math.round(n)} ${one}${Math.round(n) === 1 ? "" : "s"}`;
const inBrackets = (whose: string) => (whose === "" ? "" : ` (${whose})`);
/** `2026-03-04 05:06:07 UTC` */
const moment = (at: SqlText) => sql`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')`;
const since = (at: SqlText) => sql`coalesce(' since ' || ${moment(at)}, '')`;
const who = (a: SqlText) =>
  sql`format('pid %s (role %s%s)', ${a}.pid, ${a}.usename, ', ' || nullif(${a}.application_name, ''))`;

export const SIGNALS: Readonly<Record<SignalName, Signal>> = {
  "replica-lag": {
    says: (value, whose) => `standby ${whose} replays ${value.toFixed(1)} s late`,
    slow: 2,
    stop: 5,
    memory: () => new Silence(),
    // A standby that has replayed everything shows no lag. One that catches up after an absence is late, whatever it shows.
    query: () => sql`
      select case when state is null then null when state = 'catchup' then greatest(extract(epoch from replay_lag), 3600)
                  else coalesce(extract(epoch from replay_lag), 0) end::float8 as value,
             coalesce(nullif(application_name, ''), host(client_addr), pid::text)
               || case when state is null then '' else format(' (pid %s%s, %s%s)', pid, ', ' || host(client_addr), state, ${since(sql`backend_start`)}) end as whose,
             'if it does not catch up by itself, look there for a paused replay or a long query' as clears,
             json_build_object('flushed', pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0'),
                               'written', pg_wal_lsn_diff(write_lsn, '0/0')) as position
        from pg_stat_replication where state is null or state in ('streaming', 'catchup')`,
  },
  "slot-retention": {
    says: (value, whose) => `replication slot ${whose} keeps ${share(value)} of the WAL that it may`,
    slow: 0.5,
    stop: 0.8,
    // Without a limit it may fill the disk: 16 GB are taken for one.
    query: () => sql`
      select case when s.wal_status = 'unreserved' then 1
                  else pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn) / (case when k.mb > 0 then k.mb else 16384 end * 1048576.0)
             end::float8 as value,
             format('%s (%s, %s)', s.slot_name, s.slot_type, coalesce('read by pid ' || s.active_pid, 'which nobody reads')) as whose,
             format('somebody has to read it, or to drop it: select pg_drop_replication_slot(%L)', s.slot_name) as clears
        from pg_replication_slots s
       cross join (select setting::float8 as mb from pg_settings where name = 'max_slot_wal_keep_size') k
       where s.restart_lsn is not null and s.wal_status is distinct from 'lost'`,
  },
  archiver: {
    says: (value, whose) =>
      `${plural(value, "WAL file")} ${Math.round(value) === 1 ? "waits" : "wait"} to be archived${inBrackets(whose)}`,
    slow: 16,
    stop: 64,
    applies: sql`select 1 as one where current_setting('archive_mode') <> 'off'`,
    // The directory is for pg_monitor to read; to others the last file that was archived says how many are left.
    query: ({ monitor }) => sql`
      select ${monitor ? READY : UNARCHIVED}::float8 as value,
             case when last_failed_time > coalesce(last_archived_time, '-infinity')
                  then format('it failed last with %s at %s', last_failed_wal, ${moment(sql`last_failed_time`)})
                  when last_archived_wal is null then 'nothing has been archived that its statistics know of'
                  else '' end as whose,
             'the server''s log says why the archiver does not keep up' as clears
        from pg_stat_archiver`,
  },
  "waiting-sessions": {
    says: (value, whose) =>
      `${plural(value, "session")} ${Math.round(value) === 1 ? "waits" : "wait"} for a lock of the backfill${inBrackets(whose)}`,
    slow: 1,
    stop: 4,
    // By the locks, which every role sees; whether a session of another role waits, only pg_monitor does.
    query: () => sql`
      select count(*)::float8 as value,
             coalesce((array_agg(who order by since) filter (where since is not distinct from first))[1] || ${since(sql`min(since)`)}, '') as whose
        from (select ${who(sql`a`)} as who, w.since, min(w.since) over () as first
                from (select pid, min(waitstart) as since from pg_locks where not granted and pid is not null group by pid) w
                join pg_stat_activity a on a.pid = w.pid
               where a.application_name not like 'changeover%' and exists (
                       select from pg_stat_activity b
                        where b.application_name ~ '^changeover.* fill [0-9]+$' and b.pid = any (pg_blocking_pids(a.pid)))) waiting`,
  },
  "old-snapshot": {
    says: (value, whose) => `${whose} keeps the dead rows of the last ${plural(value, "transaction")}`,
    slow: 5_000_000,
    stop: 50_000_000,
    query: () => sql`
      select age(xmin)::float8 as value,
             case kind when 'session' then '' when 'slot' then 'replication slot ' when 'prepared' then 'prepared transaction '
                       else 'standby ' end || name || coalesce(', ' || doing, '') || ${since(sql`since`)} as whose,
             case kind when 'session' then 'it goes on when that transaction has ended'
                       when 'slot' then format('somebody has to read the slot, or to drop it: select pg_drop_replication_slot(%L)', name)
                       when 'prepared' then 'it goes on after commit prepared or rollback prepared'
                       else 'it goes on when the oldest query there has ended' end as clears
        from (${HELD}) held where xmin is not null order by age(xmin) desc, since nulls first limit 1`,
  },
  checkpoints: {
    says: (value) => `${plural(value, "checkpoint")} in a minute because of the WAL that is written`,
    slow: 3,
    // CREATE DATABASE and backups ask for them, too: no reason to stand still.
    stop: Number.POSITIVE_INFINITY,
    memory: () => new PerMinute(),
    query: ({ serverVersion }) => sql`
      select ${serverVersion >= 170_000 ? sql`num_requested` : sql`checkpoints_req`}::float8 as value, '' as whose,
             'a max_wal_size above ' || current_setting('max_wal_size') || ' makes them rarer' as clears
        from ${serverVersion >= 170_000 ? sql`pg_stat_checkpointer` : sql`pg_stat_bgwriter`}`,
  },
  "dead-rows": {
    says: (value, whose) => `${share(value)} of the table's row versions are dead${inBrackets(whose)}`,
    slow: 0.4,
    stop: 0.7,
    // In a small table they are soon cleared away.
    query: ({ table }) => sql`
      select (case when n_dead_tup > 1000000 then n_dead_tup::float8 / (n_live_tup + n_dead_tup) else 0 end)::float8 as value,
             coalesce('last vacuumed at ' || ${moment(sql`greatest(last_vacuum, last_autovacuum)`)}, 'never vacuumed') as whose,
             ${literal(`a vacuum clears them away: vacuum ${qualified(table)}`)} as clears
        from pg_stat_all_tables where relid = ${literal(qualified(table))}::regclass`,
  },
  autovacuum: {
    says: (_, whose) => `autovacuum works on the table (${whose})`,
    slow: 1,
    stop: 1,
    // By its lock, which every role sees. An ANALYZE has the same, and is soon over.
    query: ({ table }) => sql`
      select 1::float8 as value, 'pid ' || l.pid || ${since(sql`a.xact_start`)} as whose, 'it goes on when that is done' as clears
        from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where l.relation = ${literal(qualified(table))}::regclass and l.mode = 'ShareUpdateExclusiveLock' and l.granted
         and l.database = (select oid from pg_database where datname = current_database())
         and (a.backend_type = 'autovacuum worker' or (a.backend_type is null and a.usesysid is null))`,
  },
  connections: {
    says: (value, whose) => `${share(value)} of the server's connections are in use${inBrackets(whose)}`,
    slow: 0.85,
    stop: 0.95,
    // Processes of the server itself have no role; their kind is not for every role to see.
    query: () => sql`
      select coalesce(sum(n), 0)::float8 / current_setting('max_connections')::int as value,
             coalesce((array_agg(format('%s by %s', n, app) order by n desc, app))[1], '') as whose
        from (select count(*) as n, coalesce(nullif(application_name, ''), 'role ' || usename) as app
                from pg_stat_activity
               where datname is not null and usename is not null and (backend_type is null or backend_type = 'client backend')
               group by 2) used`,
  },
};

const READY = sql`(select count(*) from pg_ls_archive_statusdir() where name like '%.ready')`;
/** Files between the last one archived and the one that is written now; NULL: none is known to be archived. */
const UNARCHIVED = sql`
  (select case when last_archived_wal ~ '^[0-9A-F]{24}' then greatest(0,
            floor(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') / size) - 1
            - ('x' || lpad(substr(last_archived_wal, 9, 8), 16, '0'))::bit(64)::bigint * (4294967296 / size)
            - ('x' || lpad(substr(last_archived_wal, 17, 8), 16, '0'))::bit(64)::bigint) end
     from pg_size_bytes(current_setting('wal_segment_size')) size)`;
