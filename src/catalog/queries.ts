/** The catalog queries, one a file, so that a DBA can run them alone; read once, relative to this module. */
import { readFileSync } from "node:fs";
import { type SqlText, trusted } from "../sql/text.js";

export type QueryName =
  | "bypass"
  | "columns"
  | "constraints"
  | "functions"
  | "identity"
  | "incoming"
  | "indexes"
  | "partitions"
  | "policies"
  | "publications"
  | "publications-14"
  | "relation"
  | "rewrites"
  | "settings"
  | "size"
  | "statistics"
  | "triggers"
  | "views";

const texts = new Map<QueryName, SqlText>();

export function query(name: QueryName): SqlText {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = trusted(readFileSync(new URL(`./queries/${name}.sql`, import.meta.url), "utf8"), "constant");
  texts.set(name, text);
  return text;
}
