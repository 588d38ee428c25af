/** A text of SQL as its statements, by PostgreSQL's own grammar: no semicolon inside a body or a string misleads it. */
import { type ParsedStatement, parseStatements, scanTokens } from "./parser.js";
import { type SqlText, trusted } from "./text.js";

export { loadParser, ParseError } from "./parser.js";

export type Statement = {
  /** without its semicolon, and without the comments before its first and after its last word */
  readonly text: SqlText;
  /** characters from the start of the whole text */
  readonly offset: number;
  /** the parser's name for it, e.g. `IndexStmt`, `AlterTableStmt`, `TransactionStmt` */
  readonly kind: string;
};

/**
 * Splits a text into its statements. `loadParser()` must have been awaited.
 *
 * @throws ParseError (with the offset in characters) where the text is not SQL
 */
export function splitStatements(text: string): readonly Statement[] {
  const statements = parseStatements(text);
  const words = scanTokens(text).filter((token) => !token.name.endsWith("COMMENT"));
  return statements.map((statement) => {
    const end = lastWordEnd(statement, words);
    return {
      text: trusted(text.slice(statement.start, end), "reviewed"),
      offset: statement.start,
      kind: statement.kind,
    };
  });
}

/** What each statement is. One entry: an autocommit step may hold it. Throws like `splitStatements`. */
export function statementKinds(text: string): readonly string[] {
  return parseStatements(text).map((statement) => statement.kind);
}

function lastWordEnd(statement: ParsedStatement, words: readonly { start: number; end: number }[]): number {
  const last = words.findLast((word) => word.start >= statement.start && word.end <= statement.end);
  return last?.end ?? statement.end;
}
