/** Plans, what people say about them, and the event log. */
import type { Queryable, Session } from "../db/session.js";
import { ChangeoverError } from "../errors.js";
import type { GateCondition, RevisionBody } from "../revisions/revision.js";
import { sql } from "../sql/text.js";
import type { Confirmation, Stamps } from "./state.js";

/**
 * Opens the plan of a planned revision; does nothing when it is open. A plan that was undone to its base is opened anew:
 * what was confirmed for its earlier life is forgotten, because it says nothing about the code that runs now.
 */
export async function openPlan(session: Session, revision: RevisionBody): Promise<void> {
  const { plan, change, scope } = revision;
  if (plan === null || change === null || scope === null) {
    throw new ChangeoverError(
      "revision-invalid",
      `Revision ${revision.name} of plan ${plan} names no change or table.`,
      {
        hint: "Plan the change again; generated revision files carry both.",
      },
    );
  }
  const kind = change.split(" ", 1)[0] ?? change;
  const opened = await session.run(
    sql`insert into changeover.plan (slug, change, kind, table_schema, table_name, columns)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (slug) do update
           set change = excluded.change, kind = excluded.kind, table_schema = excluded.table_schema,
               table_name = excluded.table_name, columns = excluded.columns, opened_at = clock_timestamp(),
               paused_at = null, paused_by = null
         where not exists (select from changeover.revision r where r.plan = excluded.slug)`,
    [plan, change, kind, scope.table.schema, scope.table.name, scope.columns],
  );
  if (opened === 1) await session.run(sql`delete from changeover.confirmation where plan = $1`, [plan]);
}

/** Returns false when it was paused already. Throws `not-found` for a plan that was never opened. */
export async function pausePlan(session: Session, slug: string, actor: string): Promise<boolean> {
  const moved = await session.run(
    sql`update changeover.plan set paused_at = clock_timestamp(), paused_by = $2 where slug = $1 and paused_at is null`,
    [slug, actor],
  );
  return moved === 1 || unchanged(session, slug);
}

/** Returns false when it was not paused. Throws `not-found` for a plan that was never opened. */
export async function resumePlan(session: Session, slug: string): Promise<boolean> {
  const moved = await session.run(
    sql`update changeover.plan set paused_at = null, paused_by = null where slug = $1 and paused_at is not null`,
    [slug],
  );
  return moved === 1 || unchanged(session, slug);
}

export type NewConfirmation = {
  readonly plan: string;
  readonly release: string;
  readonly despite: readonly GateCondition["kind"][];
  readonly reason: string | null;
  readonly actor: string;
  readonly at: Date;
  readonly mirror: Stamps;
};

/** Someone says that a release runs everywhere. Throws `not-found` for a plan that was never opened. */
export async function addConfirmation(session: Session, confirmation: NewConfirmation): Promise<Confirmation> {
  await mustExist(session, confirmation.plan);
  return session.one<Confirmation>(
    sql`insert into changeover.confirmation (plan, release, despite, reason, actor, at, mirror)
        values ($1, $2, $3, $4, $5, $6, $7::jsonb)
        returning release, despite, reason, actor, at, mirror`,
    [
      confirmation.plan,
      confirmation.release,
      confirmation.despite,
      confirmation.reason,
      confirmation.actor,
      confirmation.at,
      JSON.stringify(confirmation.mirror),
    ],
  );
}

export type NewEvent = {
  readonly actor: string;
  readonly kind: string;
  readonly plan: string | null;
  readonly revision: string | null;
  readonly data?: Readonly<Record<string, unknown>>;
};

/** Appends to the event log, in the transaction of what it tells about. */
export async function recordEvent(session: Session, event: NewEvent): Promise<void> {
  await session.run(
    sql`insert into changeover.event (actor, kind, plan, revision, data) values ($1, $2, $3, $4, $5::jsonb)`,
    [event.actor, event.kind, event.plan, event.revision, JSON.stringify(event.data ?? {})],
  );
}

async function unchanged(session: Session, slug: string): Promise<false> {
  await mustExist(session, slug);
  return false;
}

async function mustExist(session: Session, slug: string): Promise<void> {
  const found = await session.maybeOne(sql`select 1 as one from changeover.plan where slug = $1`, [slug]);
  if (found === null) {
    throw new ChangeoverError("not-found", `No plan ${slug} has been started in this database.`, {
      hint: "changeover status lists the plans.",
    });
  }
}

/** By plan: how often people have paused it. */
export async function countPauses(db: Queryable): Promise<Map<string, number>> {
  const rows = await db.query<{ plan: string; n: number }>(
    sql`select plan, count(*) as n from changeover.event where kind = 'paused' and plan is not null group by plan`,
  );
  return new Map(rows.map(({ plan, n }) => [plan, n]));
}
