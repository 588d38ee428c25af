/**
 * Functions that may read or write the table. PostgreSQL does not track what a plpgsql or SQL string body names, so its
 * names are compared with the table's name and columns: a hint for people, with false alarms rather than gaps.
 */
import type { Session } from "../db/session.js";
import type { QualifiedName } from "../sql/identifier.js";
import { identifiersIn } from "../sql/identifiers.js";
import { loadParser, ParseError, scanTokens } from "../sql/parser.js";
import { query } from "./queries.js";
import type { Column, FunctionSource } from "./snapshot.js";

type FunctionRow = {
  readonly function: QualifiedName;
  readonly arguments: string;
  readonly owner: string;
  readonly language: string;
  readonly onTrigger: boolean;
  /** pg_trigger.tgargs in hex, one for each distinct list of arguments */
  readonly triggerArguments: readonly string[];
  /** its SQL-standard body or its signature depends on the table, by the server's own account */
  readonly depends: boolean;
  readonly source: string;
};

/** Functions outside our own schema that are tied to the table, by name. Runs inside the caller's transaction. */
export async function readFunctions(
  session: Session,
  oid: number,
  table: string,
  columns: readonly Column[],
): Promise<FunctionSource[]> {
  const rows = await session.query<FunctionRow>(query("functions"), [oid, table]);
  await loadParser();
  return rows.flatMap((row) => judge(row, table, columns) ?? []);
}

function judge(row: FunctionRow, table: string, columns: readonly Column[]): FunctionSource | null {
  const found = namesIn(row.source);
  const namesTable = row.depends || found.has(table);
  if (!namesTable && !row.onTrigger) return null;
  // tsvector_update_trigger and its like are told the column in the trigger's arguments.
  for (const given of row.triggerArguments.flatMap(splitArguments)) found.add(given);
  return {
    function: row.function,
    arguments: row.arguments,
    owner: row.owner,
    language: row.language,
    onTrigger: row.onTrigger,
    namesTable,
    columns: columns.map((column) => column.name).filter((name) => found.has(name)),
  };
}

/** tgargs holds the arguments one after the other, each ended by a zero byte. */
function splitArguments(hex: string): string[] {
  return Buffer.from(hex, "hex").toString("utf8").split("\0").slice(0, -1);
}

/**
 * Every name in a source, and every word of its strings, because EXECUTE runs strings: rather one harmless function too
 * many than one that fails unannounced. Comments do not count. `loadParser()` must have been awaited.
 */
export function namesIn(source: string): Set<string> {
  const found = identifiersIn(source);
  for (const text of stringsIn(source)) for (const word of wordsIn(text)) found.add(word);
  return found;
}

function stringsIn(source: string): string[] {
  try {
    return scanTokens(source).flatMap((token) => (token.name === "SCONST" ? [token.text] : []));
  } catch (error) {
    // Text that the scanner refuses (another language's, say) is taken whole.
    if (error instanceof ParseError) return [source];
    throw error;
  }
}

function* wordsIn(text: string): Generator<string> {
  // From every quote on, so that a lone one hides nothing.
  for (const [, inner = ""] of text.matchAll(/(?="((?:[^"]|"")+)")/g)) yield inner.replaceAll('""', '"');
  for (const [word] of text.matchAll(/[\p{L}_][\p{L}\p{M}\p{N}_$]*/gu)) {
    yield word;
    // Only ASCII is folded, as the server does in multi-byte encodings.
    yield word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  }
}
