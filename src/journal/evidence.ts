/** All that a plan's gates are answered from, read in one snapshot by the server's clock. */
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { transaction } from "../db/transaction.js";
import { GATE_KINDS } from "../revisions/revision.js";
import type { QualifiedName } from "../sql/identifier.js";
import { identifiersIn } from "../sql/identifiers.js";
import { loadParser, ParseError, scanTokens } from "../sql/parser.js";
import { sql } from "../sql/text.js";
import { readMirror } from "./mirror.js";
import { readSightings, readUnmirrored } from "./sightings.js";
import type { Confirmation, Evidence, RowFailure, Verification } from "./state.js";
import { COMPARED, unseenLeaves } from "./verifications.js";

/** A column that a contract or an undo takes away, from the `functions` condition of its gate. */
export type GoneColumn = { readonly table: QualifiedName; readonly column: string };

/** Needs the journal. `gone`: the columns for whose names functions are looked through. */
export function readEvidence(db: Database, plan: string, gone: readonly GoneColumn[]): Promise<Evidence> {
  return db.borrow((session) =>
    transaction(session, { isolation: "repeatable read", readOnly: true }, (s) => evidenceIn(s, plan, gone)),
  );
}

/**
 * The same inside the caller's transaction: for asking a gate again once the table's lock is held, when a writer whose
 * transaction was still open at the first answer has ended and can be seen. (Under READ COMMITTED only.)
 */
export async function evidenceIn(session: Session, plan: string, gone: readonly GoneColumn[]): Promise<Evidence> {
  // A moment before the snapshot, not after it: what happens in between is then never counted as silence.
  const { now } = await session.one<{ now: Date }>(sql`select statement_timestamp() as now`);
  return {
    now,
    verification: await lastVerification(session, plan),
    confirmation: await lastConfirmation(session, plan),
    ...(await readFailures(session, plan)),
    ...(await readSightings(session, plan)),
    unmirrored: await readUnmirrored(session, plan),
    mirror: await readMirror(session, plan),
    functionsNaming: await functionsNamingEach(session, gone),
  };
}

async function lastVerification(session: Session, plan: string): Promise<Verification | null> {
  const row = await session.maybeOne<Verification & { readonly unseen: readonly string[] }>(
    sql`select v.started_at as "startedAt", v.finished_at as "finishedAt", v.rows, v.mismatches, v.skipped, v.keys, v.lost, v.lost_keys as "lostKeys", v.mirror, ${COMPARED} as fraction,
               ${unseenLeaves(sql`r.plan`)} as unseen
        from changeover.verification v join changeover.revision r on r.id = v.revision
        where r.plan = $1 order by v.id desc limit 1`,
    [plan],
  );
  if (row === null || row.unseen.length > 0) return row;
  const { unseen: _, ...verification } = row;
  return verification;
}

/**
 * The newest confirmation of the plan's present life: one made before its dual-write (or all of it) was undone and
 * applied again spoke of something else.
 */
async function lastConfirmation(session: Session, plan: string): Promise<Confirmation | null> {
  const row = await session.maybeOne<Omit<Confirmation, "despite"> & { despite: string[] }>(
    sql`select c.release, c.despite, c.reason, c.actor, c.at, c.mirror
        from changeover.confirmation c
        where c.plan = $1 and c.at >= (
          select coalesce(min(started_at) filter (where phase = 'dual-write'), min(started_at))
          from changeover.revision where plan = $1)
        order by c.id desc limit 1`,
    [plan],
  );
  return row === null ? null : { ...row, despite: GATE_KINDS.filter((kind) => row.despite.includes(kind)) };
}

async function readFailures(session: Session, plan: string): Promise<Pick<Evidence, "failures" | "skipped">> {
  const failures = await session.query<RowFailure>(
    sql`select f.key, f.sqlstate, f.message
          from changeover.revision r
          cross join lateral (
            select 0 as kind, s.number::bigint as n, coalesce(s.error->>'key', '') as key,
                   coalesce(s.error->>'sqlstate', '') as sqlstate, coalesce(s.error->>'message', '') as message
              from changeover.slice s where s.revision = r.id and s.state = 'blocked'
            union all
            select 1, q.id, q.name, q.sqlstate, q.message
              from changeover.quarantine q where q.revision = r.id and q.settled is null) f
         where r.plan = $1 order by r.id, f.kind, f.n`,
    [plan],
  );
  const { skipped } = await session.one<{ skipped: number }>(
    sql`select count(*) as skipped
          from changeover.quarantine q join changeover.revision r on r.id = q.revision
         where r.plan = $1 and q.settled = 'skipped'`,
    [plan],
  );
  return { failures, skipped };
}

async function functionsNamingEach(session: Session, gone: readonly GoneColumn[]): Promise<Map<string, string[]>> {
  const named = new Map<string, string[]>();
  for (const one of gone) if (!named.has(one.column)) named.set(one.column, await functionsNaming(session, one));
  return named;
}

/** The user's trigger functions on the table and its partitions: they fail every write once the column is gone. */
async function functionsNaming(session: Session, gone: GoneColumn): Promise<string[]> {
  const rows = await session.query<{ name: string; source: string }>(
    sql`select distinct p.oid::regprocedure::text as name, p.prosrc as source
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_trigger t on t.tgrelid = c.oid or t.tgrelid in (select relid from pg_partition_tree(c.oid))
        join pg_proc p on p.oid = t.tgfoid
        where n.nspname = $1 and c.relname = $2
          and not t.tgisinternal and not starts_with(t.tgname, '~~changeover')
          and p.pronamespace is distinct from to_regnamespace('changeover') and p.pronamespace <> 'pg_catalog'::regnamespace
        order by 1`,
    [gone.table.schema, gone.table.name],
  );
  await loadParser();
  return rows.filter((row) => namesColumn(row.source, gone.column)).map((row) => row.name);
}

/**
 * Does a function's source name the column? As an identifier, or as a word in a string, because EXECUTE runs strings:
 * rather one harmless function too many, which a confirm can pass over, than every write failing. Comments do not count.
 * `loadParser()` must have been awaited.
 */
export function namesColumn(source: string, column: string): boolean {
  if (identifiersIn(source).has(column)) return true;
  const escaped = column.replaceAll('"', '""').replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const word = new RegExp(`(?<![\\p{L}\\p{N}_$])${escaped}(?![\\p{L}\\p{N}_$])`, "iu");
  return stringsIn(source).some((text) => word.test(text));
}

function stringsIn(source: string): string[] {
  try {
    return scanTokens(source).flatMap((token) =>
      token.name === "SCONST" ? [token.text.replace(/\\[bfnrt]/g, " ")] : [],
    );
  } catch (error) {
    if (error instanceof ParseError) return [source];
    throw error;
  }
}
