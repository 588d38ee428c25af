/** Whether a journal belongs where it was found, and whether this role and this version may work with it. */
import { ChangeoverError } from "../errors.js";
import { ident } from "../sql/identifier.js";
import { literal } from "../sql/literal.js";
import type { Probe } from "./probe.js";
import type { JournalMeta } from "./state.js";

/** The format of `schema.sql` that this version reads and writes. */
export const JOURNAL_FORMAT = 1;

/** Stored where the role that installed the journal could not ask for the server's identity. */
export const UNKNOWN_SYSTEM = "unknown";

/**
 * Throws `identity` for a journal that woke up in another database than the one it speaks of (a restored dump, a clone, a
 * renamed database), and for one of a newer format. An identity that cannot be asked for is not held against it.
 */
export function checkIdentity(meta: JournalMeta, here: Pick<Probe, "database" | "systemIdentifier">): void {
  if (meta.format > JOURNAL_FORMAT) {
    throw new ChangeoverError(
      "identity",
      `The journal has format ${meta.format}; this version of changeover knows formats up to ${JOURNAL_FORMAT}.`,
      { where: `database ${here.database}`, hint: "Use the newer changeover that wrote it." },
    );
  }
  const sameSystem =
    here.systemIdentifier === null ||
    meta.systemIdentifier === UNKNOWN_SYSTEM ||
    meta.systemIdentifier === here.systemIdentifier;
  if (sameSystem && meta.database === here.database) return;
  const system = here.systemIdentifier ?? meta.systemIdentifier;
  throw new ChangeoverError(
    "identity",
    `This is a copy of the journal of database ${meta.database} (system ${meta.systemIdentifier}); it speaks of another database than the one it is in.`,
    {
      where: `database ${here.database} (system ${system})`,
      hint:
        "Connect to the original. To let this copy go on as a database of its own, make sure that no worker of the original " +
        "is connected to it, then run: " +
        `update changeover.meta set uuid = gen_random_uuid(), system_identifier = ${literal(system)}, database = ${literal(here.database)};`,
    },
  );
}

/** Throws `privilege`, with the GRANT to ask for, when the role may not install the journal. */
export function checkMayInstall(probe: Probe): void {
  if (probe.schemaExists ? probe.mayCreateTables : probe.mayCreateSchema) return;
  const grant = probe.schemaExists
    ? `GRANT USAGE, CREATE ON SCHEMA changeover TO ${ident(probe.role)};`
    : `GRANT CREATE ON DATABASE ${ident(probe.database)} TO ${ident(probe.role)};`;
  throw new ChangeoverError("privilege", `The role ${probe.role} may not create the journal (schema changeover).`, {
    where: `database ${probe.database}`,
    hint: `Ask for: ${grant}`,
  });
}

/** Throws `privilege`, with the GRANTs to ask for, when the role may not read (or write) the journal that is there. */
export function checkMayUse(probe: Probe, access: "read" | "write"): void {
  const missing = access === "read" ? probe.unreadable : probe.unwritable;
  if (probe.mayUseSchema && missing.length === 0) return;
  const rights = access === "read" ? "SELECT" : "SELECT, INSERT, UPDATE, DELETE";
  throw new ChangeoverError("privilege", `The role ${probe.role} may not ${access} the journal.`, {
    where: `schema changeover in database ${probe.database}`,
    hint:
      `Ask for: GRANT USAGE ON SCHEMA changeover TO ${ident(probe.role)}; ` +
      `GRANT ${rights} ON ALL TABLES IN SCHEMA changeover TO ${ident(probe.role)};`,
  });
}
