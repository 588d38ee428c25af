/**
 * A revision's way through the journal. Every function takes the caller's session, so that the row moves in the transaction
 * of the work it records; every transition names the states it may leave, and throws `internal` when it finds another,
 * because the runners' lock and fence should have made that impossible.
 */
import type { Session } from "../db/session.js";
import { ChangeoverError } from "../errors.js";
import type { Revision } from "../revisions/revision.js";
import { sql } from "../sql/text.js";
import { openPlan } from "./plans.js";
import type { Blocked, RevisionState } from "./state.js";

export type Direction = "upgrade" | "downgrade";

/**
 * → running: a new row, or one that an earlier runner left running, blocked or half undone. Opens the plan's row on first
 * use.
 */
export async function startRevision(session: Session, revision: Revision, actor: string): Promise<void> {
  if (revision.plan !== null) await openPlan(session, revision);
  const moved = await session.run(
    sql`insert into changeover.revision
          (id, plan, name, title, parents, depends_on, lane, phase, runner, checksum, text, state, actor)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'running', $12)
        on conflict (id) do update
           set state = 'running', error = null, finished_at = null, actor = excluded.actor,
               first_done = case when revision.state <> 'undoing' then revision.first_done end,
               checksum = excluded.checksum, text = excluded.text, parents = excluded.parents, depends_on = excluded.depends_on
         where revision.state in ('running', 'blocked', 'undoing')`,
    [
      revision.id,
      revision.plan,
      revision.name,
      revision.title,
      revision.parents,
      revision.dependsOn,
      revision.lane,
      revision.phase,
      revision.runner,
      revision.checksum,
      revision.text,
      actor,
    ],
  );
  if (moved !== 1) throw await wrongState(session, revision.id, "start");
  // What an undo did before it was given up is not done any more.
  await session.run(sql`delete from changeover.step where revision = $1 and direction = 'downgrade'`, [revision.id]);
}

/** running → done. */
export async function finishRevision(session: Session, id: string): Promise<void> {
  await move(
    session,
    id,
    "finish",
    await session.run(
      sql`update changeover.revision set state = 'done', finished_at = coalesce(first_done, clock_timestamp())
           where id = $1 and state = 'running'`,
      [id],
    ),
  );
}

/**
 * done → running, of a fill whose rows may have come to be due since; what was verified of it counts no more. It will have
 * been done when it was done before, because what people confirmed after that still holds. False: it is not done now.
 */
export async function reopenFill(session: Session, id: string): Promise<boolean> {
  const moved = await session.run(
    sql`update changeover.revision set state = 'running', first_done = finished_at, finished_at = null
         where id = $1 and state = 'done'`,
    [id],
  );
  if (moved === 1) await session.run(sql`delete from changeover.verification where revision = $1`, [id]);
  return moved === 1;
}

/** running, blocked, undoing → blocked, with the reason that someone has to see. */
export async function blockRevision(session: Session, id: string, reason: Blocked): Promise<void> {
  await move(
    session,
    id,
    "block",
    await session.run(
      sql`update changeover.revision set state = 'blocked', error = $2::jsonb, finished_at = null
           where id = $1 and state in ('running', 'blocked', 'undoing')`,
      [id, JSON.stringify(reason)],
    ),
  );
}

/**
 * Any state → undoing: a finished revision, one whose undo was cut short, and one that never got to its end.
 * Returns the state that it left.
 */
export async function startUndo(session: Session, id: string, actor: string): Promise<RevisionState> {
  const before = await session.maybeOne<{ state: RevisionState }>(
    sql`select state from changeover.revision where id = $1 for update`,
    [id],
  );
  if (before === null) throw await wrongState(session, id, "undo");
  await session.run(
    sql`update changeover.revision
           set state = 'undoing', error = null, actor = $2, finished_at = coalesce(finished_at, clock_timestamp())
         where id = $1`,
    [id, actor],
  );
  await session.run(sql`delete from changeover.step where revision = $1 and direction = 'upgrade'`, [id]);
  return before.state;
}

/** undoing → gone, with its steps, slices and verifications. */
export async function removeRevision(session: Session, id: string): Promise<void> {
  await move(
    session,
    id,
    "remove",
    await session.run(sql`delete from changeover.revision where id = $1 and state = 'undoing'`, [id]),
  );
}

/** → intent: the statement is about to run (perhaps again). */
export async function stepIntent(session: Session, id: string, direction: Direction, step: string): Promise<void> {
  await session.run(
    sql`insert into changeover.step (revision, direction, name, state) values ($1, $2, $3, 'intent')
        on conflict (revision, direction, name) do update
           set state = 'intent', started_at = clock_timestamp(), finished_at = null`,
    [id, direction, step],
  );
}

/** intent → done. */
export async function stepDone(session: Session, id: string, direction: Direction, step: string): Promise<void> {
  const moved = await session.run(
    sql`update changeover.step set state = 'done', finished_at = clock_timestamp()
         where revision = $1 and direction = $2 and name = $3 and state = 'intent'`,
    [id, direction, step],
  );
  if (moved !== 1) {
    throw new ChangeoverError("internal", `Step ${step} of revision ${id} was recorded as done without an intent.`, {
      hint: "Another runner seems to be at work on it. Look at changeover.step and changeover.lock, then run again.",
    });
  }
}

async function move(session: Session, id: string, verb: string, moved: number): Promise<void> {
  if (moved !== 1) throw await wrongState(session, id, verb);
}

async function wrongState(session: Session, id: string, verb: string): Promise<ChangeoverError> {
  const row = await session.maybeOne<{ state: string }>(sql`select state from changeover.revision where id = $1`, [id]);
  return new ChangeoverError(
    "internal",
    `Could not ${verb} revision ${id}: the journal says that it is ${row?.state ?? "not there"}.`,
    { hint: "Another runner seems to have been at work on it. Run the command again." },
  );
}
