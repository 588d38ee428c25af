import type { Direction } from "../journal/journal.js";
import type { Revision, Step } from "../revisions/revision.js";
import { sql } from "../sql/text.js";
import type { RunnerContext } from "./context.js";

/** The steps of one direction that are meant for this server's major version. */
export async function stepsFor(ctx: RunnerContext, revision: Revision, direction: Direction): Promise<Step[]> {
  const { major } = await ctx.db.one<{ major: number }>(
    sql`select current_setting('server_version_num')::int / 10000 as major`,
  );
  return revision[direction].filter((step) => runsOn(step, major));
}

/** `{ from: 18 }` is 18 and later, `{ below: 18 }` earlier, `{}` all. */
export function runsOn(step: Pick<Step, "server">, major: number): boolean {
  const { from, below } = step.server;
  return (from === undefined || major >= from) && (below === undefined || major < below);
}
