import { CHANGE_KINDS, type ChangeKind } from "../change/change.js";
import type { JournalPlan } from "../journal/state.js";
import type { Deploy } from "../revisions/revision.js";
import type { Tracked } from "./input.js";

/** While triggers of ours do not stand: what either release writes may be missing on the other side, or be refused. */
export const UNMIRRORED: Deploy = {
  oldCode: { allowed: false, reason: "the triggers that its writes rely on do not stand" },
  newCode: { allowed: false, reason: "the triggers that its writes rely on do not stand" },
};

/**
 * What the last applied revision says. One that is only running, or is being undone, does not count: until it is done
 * either way, what may run is what may run on both sides of it, and that is the earlier word.
 */
export function deployOf(revisions: readonly Tracked[], opened: JournalPlan | null): Deploy {
  const applied = revisions.filter(({ state }) => state === "done");
  const last = applied.findLast(({ revision }) => revision.deploy !== null)?.revision.deploy;
  return (
    last ?? { oldCode: { allowed: true, reason: "nothing has been changed" }, newCode: newCode(revisions, opened) }
  );
}

/** Before the first revision, and after the last one was undone: no revision speaks for that, so the kind does. */
function newCode(revisions: readonly Tracked[], opened: JournalPlan | null): Deploy["newCode"] {
  const change = revisions.find(({ revision }) => revision.change !== null)?.revision.change ?? opened?.change;
  const kind = CHANGE_KINDS.find((one) => one === change?.split(" ", 1)[0]);
  const added = revisions.find(({ revision }) => revision.scope !== null)?.revision.scope?.added ?? null;
  return kind === undefined ? UNKNOWN : NEW_CODE[kind](added);
}

const UNKNOWN = { allowed: false, reason: "what it needs is not there" };

const NEW_CODE: Record<ChangeKind, (added: string | null) => Deploy["newCode"]> = {
  rename_column: (added) => ({
    allowed: false,
    reason: added === null ? "its column is not there" : `there is no column ${added}`,
  }),
  change_type: () => ({ allowed: true, reason: "where it is ready for either type" }),
  // It only stops sending NULL, which nothing has to be changed for.
  set_not_null: () => ({ allowed: true, reason: "it never sends NULL" }),
};
