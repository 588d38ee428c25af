/**
 * SQL that may be executed. A plain string is not `SqlText`: it has to come through the tag below, whose holes take
 * only other `SqlText` (a quoted identifier, a literal, a parsed expression), so that no name or value can inject SQL.
 */
declare const brand: unique symbol;
export type SqlText = string & { readonly [brand]: "sql" };

/** Builds SQL from a template: `` sql`alter table ${table(t)} add column ${ident(c)} ${type}` ``. */
export function sql(strings: TemplateStringsArray, ...holes: readonly SqlText[]): SqlText {
  if (!Array.isArray(strings) || !("raw" in strings)) throw new TypeError("sql is a template tag");
  return String.raw({ raw: strings }, ...holes) as SqlText;
}

export function join(parts: readonly SqlText[], separator = ", "): SqlText {
  return parts.join(separator) as SqlText;
}

/**
 * Text that is SQL already: printed by the server itself (`format_type`, `pg_get_expr`), read from a reviewed revision
 * file, or checked by the parser. The one door by which strings become SQL; `reason` says why this one may pass.
 */
export function trusted(text: string, _reason: "server" | "reviewed" | "parsed" | "constant"): SqlText {
  return text as SqlText;
}
