/** `backfill set`: limits of a plan's backfill, in the journal, so that every worker on every host obeys. */

import type { Declared } from "../backfill/throttle/declared.js";
import { CANARY, isTaken, SIGNAL_NAMES } from "../backfill/throttle/names.js";
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

/** Changes those that are given; null lifts one. Throws `not-found` for a plan that has not begun here, `usage` for a signal or a time zone that is not known, and `privilege`. */
export async function limitsUseCase(app: AppContext, plan: string, given: Changes): Promise<LimitsResult> {
  const db = app.database();
  // What was set for a query that is declared no more can still be taken back.
  for (const { name, to } of given.signals ?? []) if (to !== "default") checkName(name, app.config.throttle);
  const slug = begunPlan(await loadJournal(db), plan);
  const changes = { ...given, ...(given.windows == null ? {} : { windows: await zoned(db, given.windows) }) };
  const limits = await db.borrow((session) =>
    steer(session, app.actor, () => changeLimits(session, slug, changes, app.actor)),
  );
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

/** Those that people declared are known where the configuration file is. */
function checkName(name: string, { queries, canary }: Declared): void {
  if (isTaken(name) || queries.some((query) => query.name === name)) return;
  const names = [...SIGNAL_NAMES, ...queries.map((query) => query.name), ...(canary === null ? [] : [CANARY])];
  throw new ChangeoverError("usage", `There is no signal ${name}.`, {
    hint: `Give <name>=<value>, with a name of: ${names.join(", ")}. Queries of your own are known where the configuration file declares them.`,
  });
}
