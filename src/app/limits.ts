/** `backfill set`: limits of a plan's backfill, in the journal, so that every worker on every host obeys. */
import type { Database } from "../db/pool.js";
import { ChangeoverError } from "../errors.js";
import { steer } from "../journal/control.js";
import { loadJournal } from "../journal/install.js";
import { type Changes, changeLimits, type Limits } from "../journal/limits.js";
import type { Window } from "../journal/windows.js";
import { nearest } from "../revisions/nearest.js";
import { sql } from "../sql/text.js";
import { begunPlan } from "./begun.js";
import type { AppContext } from "./context.js";

export type LimitsResult = { readonly plan: string; readonly limits: Limits };

/** Changes those that are given; null lifts one. Throws `not-found` for a plan that has not begun here, `usage` for a time zone that the server does not know, and `privilege`. */
export async function limitsUseCase(app: AppContext, plan: string, given: Changes): Promise<LimitsResult> {
  const db = app.database();
  const slug = begunPlan(await loadJournal(db), plan);
  const changes = { ...given, ...(given.windows == null ? {} : { windows: await zoned(db, given.windows) }) };
  const limits = await db.borrow((session) => steer(session, app.actor, () => changeLimits(session, slug, changes)));
  return { plan: slug, limits };
}

/** With the server's own spelling of their time zones. */
async function zoned(db: Database, windows: readonly Window[]): Promise<Window[]> {
  const zones = await db.query<{ name: string }>(sql`select name from pg_timezone_names`);
  const known = new Map(zones.map(({ name }) => [name.toLowerCase(), name]));
  return windows.map((window) => {
    const zone = known.get(window.zone.toLowerCase());
    if (zone === undefined) throw unknownZone(window.zone, [...known.values()]);
    return { ...window, zone };
  });
}

function unknownZone(zone: string, known: readonly string[]): ChangeoverError {
  const near = nearest(zone, known);
  return new ChangeoverError("usage", `The server knows no time zone ${zone}.`, {
    hint: `${near.length === 0 ? "" : `Did you mean ${near.join(" or ")}? `}All of them: select name from pg_timezone_names`,
  });
}
