import type { SetNotNull } from "../change/change.js";
import type { Revision } from "../revisions/revision.js";

/**
 * The change of a plan that fills by code, as far as planning asks for it, from its revisions: so that its code is not
 * run where nothing is filled, nor has to be there. Null: the plan is no such.
 */
export function codedChange(revisions: readonly Revision[]): SetNotNull | null {
  const found = revisions.find(({ fill }) => fill !== null && fill.transform !== null);
  const transform = found?.fill?.transform ?? null;
  const column = found?.scope?.notNull ?? null;
  if (!found?.scope || !found.fill || transform === null || column === null) return null;
  const { userTriggers } = found.fill;
  const { columns, module, checksum } = transform;
  return {
    kind: "set_not_null",
    table: found.scope.table,
    column,
    allow: [],
    onUserTriggers: userTriggers === "none" ? "refuse" : userTriggers,
    soakSeconds: 0,
    fill: null,
    transform: { columns, row: () => null, source: { module, checksum } },
  };
}
