/** Taking our triggers and their function away. */
import type { Step } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { join, sql } from "../sql/text.js";
import { ddl } from "./steps.js";

export function dropTriggers(table: QualifiedName, triggers: readonly string[], functionName: string | null): Step {
  const statements = triggers.map((name) => sql`drop trigger if exists ${ident(name)} on ${qualified(table)}`);
  if (functionName !== null) statements.push(sql`drop function if exists changeover.${ident(functionName)}()`);
  return ddl("drop-triggers", "ACCESS EXCLUSIVE", [table], join(statements, ";\n"));
}
