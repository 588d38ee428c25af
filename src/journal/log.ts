/** The event log, for people. */
import type { Queryable } from "../db/session.js";
import { sql } from "../sql/text.js";

export type LoggedEvent = {
  readonly at: Date;
  readonly actor: string;
  readonly kind: string;
  readonly plan: string | null;
  readonly revision: string | null;
  /** of a pause, a resume and a limit: `role`, `application`, `address`; of a limit as well what it was `before` and `after` */
  readonly data: Readonly<Record<string, unknown>>;
};

/** The newest first; `plan` null: of all plans. Needs the journal. */
export function readEvents(db: Queryable, plan: string | null, most: number): Promise<LoggedEvent[]> {
  return db.query<LoggedEvent>(
    sql`select at, actor, kind, plan, revision, data from changeover.event
         where $1::text is null or plan = $1 order by id desc limit $2`,
    [plan, most],
  );
}
