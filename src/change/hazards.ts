/** What no tool can take away: each has a name and a sentence. Notices are printed; the others must be allowed by name. */

export const HAZARDS = {
  "column-order": { notice: true, sentence: "The column comes out last in the table's column order." },
  "prepared-statements": {
    notice: true,
    sentence:
      "A named prepared statement whose result holds * fails with 0A000 on its connection after the column is added, and again after one is dropped: recycle connection pools after expand and after contract.",
  },
  "positional-copy": {
    notice: true,
    sentence:
      "COPY and INSERT without a column list see the added column: give column lists before expand, or such statements fail or fill the wrong column.",
  },
  "int4-parameters": {
    notice: true,
    sentence:
      "A statement that was prepared before the switch keeps its parameter's old type on that connection, and fails for a value beyond it: recycle connection pools after the switch.",
  },
  "identity-sequence": {
    notice: true,
    sentence:
      "The identity's sequence is made anew at contract, under its name and from where it stands: INSERTs see nothing of it, but a session that names it in nextval() at that moment, or asks currval() or lastval() for a value of an earlier transaction, gets an error once.",
  },
  "client-type-change": {
    notice: false,
    sentence:
      "From the switch on clients get the new type: drivers hand it out as another one (bigint and numeric come as strings in node-postgres), and code that was written for the old type has to be ready for both before it.",
  },
  "functions-by-type": {
    notice: false,
    sentence:
      "Functions name the column in their source: sessions compile them again at the switch, but one that declares the old type (a variable, an argument, RETURNS TABLE) fails for what that cannot hold.",
  },
  "lossy-cast": {
    notice: false,
    sentence:
      "The cast rounds or cuts, without an error, what the new type cannot hold whole. The old values are kept beside it, and come back by an undo, until the drop; say what shall become of them with using, or accept it.",
  },
  "fallible-index": {
    notice: false,
    sentence:
      "An index over an expression of the column is computed for converted values too: one for which the expression fails, or overflows, on either side would fail the application's write.",
  },
  "session-dependent": {
    notice: false,
    sentence:
      "The conversion depends on the session's settings (TimeZone, DateStyle, …): sessions that differ would convert one value to two. Make it independent, as in created at time zone 'UTC'.",
  },
  "explicit-null": {
    notice: false,
    sentence:
      "The column has a default and is nullable: an explicit NULL that new code inserts into the new side cannot be told from a value not given, and becomes the default.",
  },
  "unique-twin-upsert": {
    notice: false,
    sentence:
      "While both unique indexes live, INSERT … ON CONFLICT on the column's unique key can fail with 23505 on the twin under concurrency.",
  },
  "functions-by-name": {
    notice: false,
    sentence:
      "Functions name the column in their source, which PostgreSQL does not track: they fail once it is gone unless they are replaced before contract.",
  },
  "published-table": {
    notice: false,
    sentence:
      "The table is published: a subscriber that lacks the added column stops until it has it. Add the column on every subscriber first.",
  },
  "fill-may-be-null": {
    notice: false,
    sentence:
      "The fill expression may yield NULL or fail for some row: the backfill leaves such a row to be mended, and until then every write of it fails, as does one that sends NULL and gets no value.",
  },
} as const satisfies Record<string, { notice: boolean; sentence: string }>;

export type HazardName = keyof typeof HAZARDS;
export const HAZARD_NAMES = Object.keys(HAZARDS) as readonly HazardName[];

export function isHazardName(name: string): name is HazardName {
  return Object.hasOwn(HAZARDS, name);
}
