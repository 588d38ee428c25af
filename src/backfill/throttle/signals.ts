/**
 * What a server shows of its distress, each by one cheap query: a number, whose it is, and from where on it is too much. A
 * query gives rows `value` and `whose`; a value that this role may not see comes as NULL, and counts as too much.
 */
import { type QualifiedName, qualified } from "../../sql/identifier.js";
import { literal } from "../../sql/literal.js";
import { type SqlText, sql } from "../../sql/text.js";
import { HELD } from "../pace/horizon.js";
import type { SignalName } from "./names.js";

export type Signal = {
  /** what it means, for people; `whose` is what the query gives */
  readonly says: (value: number, whose: string) => string;
  /** from here on the fill goes at half its speed, and from there on not at all */
  readonly slow: number;
  readonly stop: number;
  /** the value counts up for ever: what matters is by how much in a minute */
  readonly counts?: true;
  /** a row where there is something to read; absent: everywhere */
  readonly applies?: SqlText;
  readonly query: (table: QualifiedName, serverVersion: number) => SqlText;
};

const share = (value: number) => `${Math.round(value * 100)} %`;
const plural = (n: number, one: string) => `${Math.round(n)} ${one}${Math.round(n) === 1 ? "" : "s"}`;

export const SIGNALS: Readonly<Record<SignalName, Signal>> = {
  "replica-lag": {
    says: (value, whose) => `standby ${whose} replays ${value.toFixed(1)} s late`,
    slow: 2,
    stop: 5,
    // A standby that has replayed everything shows no lag. One that catches up after an absence is late, whatever it shows.
    query: () => sql`
      select case when state is null then null when state = 'catchup' then greatest(extract(epoch from replay_lag), 3600)
                  else coalesce(extract(epoch from replay_lag), 0) end::float8 as value,
             coalesce(nullif(application_name, ''), host(client_addr), pid::text) as whose
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
             end::float8 as value, s.slot_name::text as whose
        from pg_replication_slots s
       cross join (select setting::float8 as mb from pg_settings where name = 'max_slot_wal_keep_size') k
       where s.restart_lsn is not null and s.wal_status is distinct from 'lost'`,
  },
  archiver: {
    says: (value) => `${plural(value, "WAL file")} ${Math.round(value) === 1 ? "waits" : "wait"} to be archived`,
    slow: 16,
    stop: 64,
    // The directory is for pg_monitor to read; others get an error, and are not to get it where nothing is archived.
    applies: sql`select 1 as one where current_setting('archive_mode') <> 'off'`,
    query: () =>
      sql`select count(*)::float8 as value, '' as whose from pg_ls_archive_statusdir() where name like '%.ready'`,
  },
  "waiting-sessions": {
    says: (value) =>
      `${plural(value, "session")} ${Math.round(value) === 1 ? "waits" : "wait"} for a lock of the backfill`,
    slow: 1,
    stop: 4,
    query: () => sql`
      select count(*)::float8 as value, '' as whose
        from pg_stat_activity a
       where a.wait_event_type = 'Lock' and a.application_name not like 'changeover%' and exists (
               select from pg_stat_activity b
                where b.application_name ~ '^changeover.* fill [0-9]+$' and b.pid = any (pg_blocking_pids(a.pid)))`,
  },
  "old-snapshot": {
    says: (value, whose) => `${whose} keeps the dead rows of the last ${plural(value, "transaction")}`,
    slow: 5_000_000,
    stop: 50_000_000,
    query: () => sql`
      select age(xmin)::float8 as value,
             case kind when 'session' then '' when 'slot' then 'replication slot ' when 'prepared' then 'prepared transaction '
                       else 'standby ' end || name as whose
        from (${HELD}) held where xmin is not null order by age(xmin) desc, since nulls first limit 1`,
  },
  checkpoints: {
    says: (value) => `${plural(value, "checkpoint")} in a minute because of the WAL that is written`,
    slow: 3,
    // CREATE DATABASE and backups ask for them, too: no reason to stand still.
    stop: Number.POSITIVE_INFINITY,
    counts: true,
    query: (_, serverVersion) =>
      serverVersion >= 170_000
        ? sql`select num_requested::float8 as value, '' as whose from pg_stat_checkpointer`
        : sql`select checkpoints_req::float8 as value, '' as whose from pg_stat_bgwriter`,
  },
  "dead-rows": {
    says: (value) => `${share(value)} of the table's row versions are dead`,
    slow: 0.4,
    stop: 0.7,
    // In a small table they are soon cleared away.
    query: (table) => sql`
      select (case when n_dead_tup > 1000000 then n_dead_tup::float8 / (n_live_tup + n_dead_tup) else 0 end)::float8 as value, '' as whose
        from pg_stat_all_tables where relid = ${literal(qualified(table))}::regclass`,
  },
  autovacuum: {
    says: (_, whose) => `autovacuum works on the table (pid ${whose})`,
    slow: 1,
    stop: 1,
    // By its lock, which every role sees. An ANALYZE has the same, and is soon over.
    query: (table) => sql`
      select 1::float8 as value, l.pid::text as whose
        from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where l.relation = ${literal(qualified(table))}::regclass and l.mode = 'ShareUpdateExclusiveLock' and l.granted
         and l.database = (select oid from pg_database where datname = current_database())
         and (a.backend_type = 'autovacuum worker' or (a.backend_type is null and a.usesysid is null))`,
  },
  connections: {
    says: (value) => `${share(value)} of the server's connections are in use`,
    slow: 0.85,
    stop: 0.95,
    query: () => sql`
      select count(*)::float8 / current_setting('max_connections')::int as value, '' as whose
        from pg_stat_activity where backend_type is null or backend_type = 'client backend'`,
  },
};
