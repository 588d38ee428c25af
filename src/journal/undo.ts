/** Where an undo is to end: what a person asked for, kept for whoever takes it up again. */
import type { Queryable, Session } from "../db/session.js";
import { sql } from "../sql/text.js";
import { recordEvent } from "./plans.js";

const BEGUN = "undo-begun";

export type UndoBegun = {
  readonly actor: string;
  readonly plan: string | null;
  readonly revision: string;
  /** as a command takes it: `orders-total@base` */
  readonly target: string;
};

/** Before a revision is undone, in a transaction of its own: a runner that is killed right after it leaves the word. */
export async function recordUndo(session: Session, { actor, plan, revision, target }: UndoBegun): Promise<void> {
  await recordEvent(session, { actor, kind: BEGUN, plan, revision, data: { target } });
}

/** By plan: where its last undo was to end, unless someone has gone forwards again since. Needs the journal. */
export async function readUndoTargets(db: Queryable): Promise<ReadonlyMap<string, string>> {
  const rows = await db.query<{ plan: string; target: string }>(
    sql`select distinct on (e.plan) e.plan, e.data->>'target' as target
          from changeover.event e
         where e.kind = $1 and e.plan is not null and e.data->>'target' is not null
           and not exists (
             select from changeover.event f
              where f.plan = e.plan and f.id > e.id
                and (f.kind = 'revision-done' or (f.kind = 'revision-blocked' and f.data->>'direction' = 'upgrade')))
         order by e.plan, e.id desc`,
    [BEGUN],
  );
  return new Map(rows.map(({ plan, target }) => [plan, target]));
}
