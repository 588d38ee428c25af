/** For an application that must not start before the database is ready for it. */
import { resolve } from "node:path";
import { asBlock } from "../app/worker-result.js";
import { type ClientLike, lent } from "../db/lent.js";
import { ChangeoverError } from "../errors.js";
import { type RevisionStanding, readableMeta, readStandings } from "../journal/journal.js";
import { probeJournal } from "../journal/probe.js";
import { type Folder, readFolder } from "../revisions/folder.js";
import { nearest } from "../revisions/nearest.js";
import { PHASES, type Phase } from "../revisions/revision.js";
import { loadParser } from "../sql/expression.js";
import { splitStatements } from "../sql/split.js";
import { commandFor } from "../status/move.js";
import { type Known, missingOf } from "../status/require.js";

export type ReadyOptions = {
  /**
   * The folder of plans that the application was built with, from its working directory. To be given for `backfill`: see
   * `assertReady`.
   */
  readonly plans?: string;
};

type Standing = Omit<RevisionStanding, "state"> & { readonly state: string };

/**
 * Resolves when every revision of this phase of the plan, and of the phases before it, is done in the database that the
 * client is connected to: the judgement of `changeover status <plan> --require <phase>`. A release that reads and writes the
 * new side asks for `backfill` before it takes its first request.
 *
 * The journal knows the revisions that have begun, and not how many there are to come: that stands in the plan's files. With
 * `plans` the answer is exact. Without, a phase counts as done once a later one has begun, and contract once what is known of
 * it is done; `backfill` is then not-yet until contract begins, which is later than the release that asks for it. A plan that
 * is in neither the folder nor the journal is not ready, nor is one whose undo has begun.
 *
 * Asks a few small questions of the catalog and of schema `changeover`, changes nothing, opens no transaction, and holds no
 * lock; USAGE on the schema and SELECT on its tables are enough. It asks once: to wait, call it again. A database that was
 * copied whole answers for the rows that were copied with it.
 *
 * @param client a `pg` Client or Pool, or what has the same `query(text, params)`
 * @param plan the plan's name or folder: `orders-total`, `0001-orders-total`
 * @throws ChangeoverError `not-yet` with the revisions that are missing and the command that brings them (also where no
 *   journal is); `privilege` with the GRANT to ask for; `not-found` for a plan that neither side knows, where `plans` is given;
 *   `usage` when that folder is not there, `revision-invalid` when the plan's files cannot be read; `identity` for a journal of
 *   a newer changeover; `connection` or `database` for what the server says
 */
export async function assertReady(
  client: ClientLike,
  plan: string,
  phase: Phase,
  options: ReadyOptions = {},
): Promise<void> {
  try {
    if (!PHASES.includes(phase))
      throw new ChangeoverError("usage", `There is no phase ${phase}.`, { hint: `Phases: ${PHASES.join(", ")}.` });
    const files = options.plans === undefined ? null : await readFiles(resolve(options.plans), plan);
    const slug = files?.slug ?? plan.replace(/^\d+-/, "");
    const rows = await readRows(client, slug);
    if (files !== null && files.revisions.length === 0 && rows.length === 0) throw unknown(plan, files);
    const missing = missingOf(known(rows, files?.revisions ?? []), phase);
    if (missing.length > 0) throw notYet(slug, phase, missing, rows.length === 0);
  } catch (error) {
    throw asBlock(error);
  }
}

type Files = { readonly slug: string; readonly revisions: readonly Standing[]; readonly folder: Folder };

/** Other plans' files may be what they like. */
async function readFiles(path: string, plan: string): Promise<Files> {
  await loadParser();
  const folder = await readFolder(path, splitStatements, { lenient: true });
  if (folder.plans.length === 0 && folder.unreadable.length === 0)
    throw new ChangeoverError("usage", "There are no plans in this folder.", {
      where: path,
      hint: "Copy the plans beside the application, or correct `plans`.",
    });
  const found = folder.plans.find((one) => one.slug === plan || one.folder === plan);
  const slug = found?.slug ?? plan.replace(/^\d+-/, "");
  const unreadable = folder.unreadable.find((one) => one.plan === slug);
  if (unreadable !== undefined) throw unreadable.error;
  return { slug, folder, revisions: (found?.revisions ?? []).map((one) => ({ ...one, state: "pending" })) };
}

async function readRows(client: ClientLike, slug: string): Promise<Standing[]> {
  const db = lent(client);
  const probe = await probeJournal(db);
  if (!probe.installed)
    throw new ChangeoverError("not-yet", `There is no journal in database ${probe.database}: nothing has run here.`, {
      hint: "Run changeover upgrade head on this database; if that was done, this is another one.",
    });
  await readableMeta(db, probe);
  return readStandings(db, slug);
}

/** What has begun, and after it what has only a file. */
function known(rows: readonly Standing[], files: readonly Standing[]): Known<Standing> {
  const begun = new Set(rows.map(({ id }) => id));
  const done = rows.length > 0 && rows.every(({ state }) => state === "done");
  return {
    whole: files.length > 0 || (done && rows.some(({ phase }) => phase === "contract")),
    phase: PHASES.findLast((one) => rows.some(({ phase }) => phase === one)) ?? null,
    revisions: [...rows, ...files.filter(({ id }) => !begun.has(id))],
  };
}

function unknown(plan: string, { folder }: Files): ChangeoverError {
  const names = folder.plans.map(({ slug }) => slug);
  const near = nearest(plan, names);
  return new ChangeoverError("not-found", `There is no plan ${plan}, neither in this folder nor in the database.`, {
    where: folder.directory,
    hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Plans: ${names.join(", ")}.`,
  });
}

function notYet(
  plan: string,
  phase: Phase,
  missing: readonly (Standing | { name: string; phase: Phase; state: "unknown" })[],
  nothing: boolean,
): ChangeoverError {
  const [first] = missing;
  const details = missing.map(({ name, state }) => `${name} is ${state}`);
  if (first !== undefined && "id" in first)
    return new ChangeoverError("not-yet", `Plan ${plan} is not ready: its phase ${phase} is not done.`, {
      details,
      hint: `Start again when it is: ${commandFor(plan, { revision: first })} brings it there; changeover status ${plan} tells where it stands.`,
    });
  return nothing
    ? new ChangeoverError("not-yet", `Plan ${plan} has not begun in this database.`, {
        details,
        hint: "Run changeover upgrade head; check the name, and that this is the right database.",
      })
    : new ChangeoverError(
        "not-yet",
        `Whether phase ${phase} of plan ${plan} is done cannot be told without its files.`,
        {
          details,
          hint: "Give `plans`, the folder of plans that the application was built with.",
        },
      );
}
