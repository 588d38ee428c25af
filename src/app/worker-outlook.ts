/** What a worker sees, second by second: cheap to look at while nothing changes. */
import { readJournal, readPulse } from "../journal/journal.js";
import { readMirrors } from "../journal/mirror.js";
import { readStirrings } from "../journal/sightings.js";
import type { JournalState } from "../journal/state.js";
import { latestVerifications } from "../journal/verifications.js";
import type { Revision } from "../revisions/revision.js";
import type { AppContext } from "./context.js";
import { readPlans } from "./project.js";
import { type Outlook, plansElsewhere, type Todo, todosOf } from "./worker-todo.js";

export type View = {
  readonly folder: readonly Revision[];
  readonly journal: JournalState;
  readonly todos: ReadonlyMap<string, Todo>;
  /** plans under way that a worker with their files has to bring on */
  readonly elsewhere: readonly string[];
};

/** Files come with a deploy: they are read again once in so many looks, and whenever the journal has changed. */
const LOOKS_A_READ = 10;

/** What there is to do for this plan at this moment. To be asked again under its lock: whoever had the lock may have done it. */
export async function todoNow(app: AppContext, folder: readonly Revision[], slug: string): Promise<Todo | null> {
  const db = app.database();
  const [journal, verified, mirrors, stirrings] = await Promise.all([
    readJournal(db),
    latestVerifications(db),
    readMirrors(db),
    readStirrings(db, coded(folder)),
  ]);
  return todosOf({ folder, journal, verified, mirrors, stirrings }).get(slug) ?? null;
}

/** Plans whose fill is done by code. */
const coded = (folder: readonly Revision[]) =>
  folder.flatMap(({ plan, fill }) => (plan === null || fill === null || fill.transform === null ? [] : [plan]));

/** Looks at the folder and the journal. Throws what reading them throws. */
export function openOutlook(app: AppContext): () => Promise<View> {
  let seen: { readonly pulse: string; readonly outlook: Outlook & { journal: JournalState }; view: View } | null = null;
  let looks = 0;
  return async () => {
    const pulse = await readPulse(app.database());
    looks += 1;
    if (seen !== null && seen.pulse === pulse && looks % LOOKS_A_READ !== 0) return seen.view;
    const { revisions: folder } = await readPlans(app);
    // Read after the pulse: what changes in between changes the next pulse.
    const known =
      seen?.pulse === pulse
        ? { journal: seen.outlook.journal, verified: seen.outlook.verified }
        : { journal: await readJournal(app.database()), verified: await latestVerifications(app.database()) };
    const mirrors = await readMirrors(app.database());
    const stirrings = await readStirrings(app.database(), coded(folder));
    const outlook = { folder, ...known, mirrors, stirrings };
    const view = { folder, journal: known.journal, todos: todosOf(outlook), elsewhere: plansElsewhere(outlook) };
    seen = { pulse, outlook, view };
    return view;
  };
}
