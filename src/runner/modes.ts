/** PostgreSQL's table locks as values: which modes conflict, and what a revision takes of which table. */

import type { LockMode, Step, StepLock } from "../revisions/revision.js";
import type { QualifiedName } from "../sql/identifier.js";

/** From the weakest to the strongest. */
const MODES: readonly LockMode[] = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
];

const FROM_SHARE_UPDATE: readonly LockMode[] = MODES.slice(3);

/** The manual's table of conflicting lock modes. */
export const CONFLICTS: Readonly<Record<LockMode, readonly LockMode[]>> = {
  "ACCESS SHARE": ["ACCESS EXCLUSIVE"],
  "ROW SHARE": ["EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "ROW EXCLUSIVE": ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "SHARE UPDATE EXCLUSIVE": FROM_SHARE_UPDATE,
  SHARE: MODES.slice(2).filter((mode) => mode !== "SHARE"),
  "SHARE ROW EXCLUSIVE": MODES.slice(2),
  EXCLUSIVE: MODES.slice(1),
  "ACCESS EXCLUSIVE": MODES,
};

/** The weakest mode that keeps out all that either of the two keeps out. */
export function combineModes(a: LockMode, b: LockMode): LockMode {
  const needed = [...CONFLICTS[a], ...CONFLICTS[b]];
  return MODES.find((mode) => needed.every((other) => CONFLICTS[mode].includes(other))) ?? "ACCESS EXCLUSIVE";
}

/** How `pg_locks.mode` spells it: `ACCESS SHARE` → `AccessShareLock`. */
export function pgLocksMode(mode: LockMode): string {
  return `${mode
    .split(" ")
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join("")}Lock`;
}

/** One lock a table, strong enough for all steps, in one order for all runners: by schema and name. */
export function locksOf(steps: readonly Pick<Step, "locks">[]): StepLock[] {
  const byTable = new Map<string, StepLock>();
  for (const { table, mode } of steps.flatMap((step) => step.locks)) {
    const key = JSON.stringify([table.schema, table.name]);
    const known = byTable.get(key);
    byTable.set(key, { table, mode: known === undefined ? mode : combineModes(known.mode, mode) });
  }
  return [...byTable.values()].sort((a, b) => compareNames(a.table, b.table));
}

/**
 * SHARE UPDATE EXCLUSIVE and weaker (CONCURRENTLY, VALIDATE, ANALYZE): readers and writers pass, so it may wait as long as
 * it takes. A step that names no lock is not known to be gentle.
 */
export function isGentle(step: Pick<Step, "locks">): boolean {
  return step.locks.length > 0 && step.locks.every((lock) => MODES.indexOf(lock.mode) <= 3);
}

function compareNames(a: QualifiedName, b: QualifiedName): number {
  if (a.schema !== b.schema) return a.schema < b.schema ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
