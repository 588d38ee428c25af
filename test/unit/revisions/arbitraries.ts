/** Arbitrary revisions with the nastiest names and statements that PostgreSQL would take. */
import fc from "fast-check";
import type {
  Deploy,
  Expectation,
  Fill,
  GateCondition,
  LockMode,
  RevisionBody,
  Scope,
  Step,
} from "../../../src/revisions/revision.js";
import type { QualifiedName } from "../../../src/sql/identifier.js";
import { trusted } from "../../../src/sql/text.js";

const NASTY = [
  '"',
  "'",
  ";",
  "--",
  "$$",
  "\n",
  ".",
  ",",
  " (",
  ")",
  "\\",
  "select",
  "Größe",
  "列",
  "😀",
  " ",
  "none",
  "ctid",
  "E'",
  "\u0085",
  "\u2028",
];

/** A name of at most 63 bytes, as pg_attribute might hold it. */
export const name: fc.Arbitrary<string> = fc
  .oneof(
    fc.stringMatching(/^[a-z_][a-z0-9_]{0,10}$/),
    fc
      .array(fc.oneof(fc.constantFrom(...NASTY), fc.stringMatching(/^[a-zA-Z]{1,4}$/)), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.join("")),
  )
  .filter((text) => text !== "" && Buffer.byteLength(text) <= 63);

const table: fc.Arbitrary<QualifiedName> = fc.record({ schema: name, name });

/** One line or several: what a person or the catalog may have put there. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    "add column amount",
    ' "quoted" ',
    '"Total" goes',
    "two\nlines",
    "-- step x: y",
    "trailing ",
    "\u001b[31mred",
    "none",
    "yes: no",
  ),
  fc.string({ unit: "grapheme", maxLength: 20 }).filter((value) => !/\p{Cs}/u.test(value)),
);

const LOOKS_LIKE_OURS = [
  "-- step create-index: not a step",
  "-- upgrade",
  "-- downgrade",
  "-- batch: nothing",
  "--   lock ACCESS EXCLUSIVE on app.orders",
  "-- changeover revision 0123456789ab",
  "-- parent none",
];

const quoted = fc
  .tuple(
    fc.constantFrom("$$", "$body$", "$ä$"),
    fc.array(fc.oneof(fc.constantFrom(...LOOKS_LIKE_OURS, "begin;", "/*", "it's", '"'), text), { maxLength: 5 }),
  )
  .map(
    ([tag, lines]) =>
      `create function f() returns trigger language plpgsql as ${tag}\n${lines.join("\n").replaceAll("$", "€").replaceAll("\r", "")}\n${tag}`,
  );

const literalText = text.map(
  (value) => `select '${value.replaceAll("'", "''").replaceAll("\\", "").replaceAll("\r", "")}'`,
);
const escapeLiteral = text.map(
  (value) => `select E'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\r", "")};'`,
);
const quotedName = name.map((value) => `alter table "${value.replaceAll('"', '""')}" drop column a$b$c`);
const comment = fc.constantFrom(
  "select 1 -- done; ",
  "-- it's a remark\nselect 2",
  "select 3 /* a; -- /* nested */ */",
  "select (1;2)",
  "select $1, $2",
  "/* -- step x: y\n-- upgrade\n*/ select 4",
  "select '\n-- step y: z\n-- downgrade\n'",
);

export const statement = fc
  .array(fc.oneof(quoted, literalText, escapeLiteral, quotedName, comment), { minLength: 1, maxLength: 3 })
  .map((parts) => trusted(parts.join(";\n\n"), "reviewed"))
  .filter((value) => !value.includes("\0"));

const ms = fc.oneof(fc.constantFrom(0, 400, 2000, 10_000, 3_600_000), fc.nat());
const stepName = fc.stringMatching(/^[a-z0-9]{1,6}(-[a-z0-9]{1,4})?$/);
const MODES: LockMode[] = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
];

const step: fc.Arbitrary<Step> = fc.record({
  name: stepName,
  title: text,
  sql: statement,
  locks: fc.array(fc.record({ mode: fc.constantFrom(...MODES), table }), { maxLength: 2 }),
  lockTimeoutMs: ms,
  statementTimeoutMs: ms,
  work: fc.constantFrom("catalog", "scan", "build", "rows"),
  server: fc.constantFrom({}, { from: 18 }, { below: 18 }, { from: 15, below: 17 }),
  done: literalText.map((value) => trusted(value, "reviewed")),
  heals: fc.option(table),
});
const steps = fc.uniqueArray(step, { selector: (value) => value.name, maxLength: 3 });

const condition: fc.Arbitrary<GateCondition> = fc.oneof(
  fc.constantFrom<GateCondition>(
    { kind: "backfill" },
    { kind: "verified" },
    { kind: "settled" },
    { kind: "confirmed" },
  ),
  fc.record({
    kind: fc.constant("quiet" as const),
    side: fc.constant("old" as const),
    soakSeconds: fc.nat(),
  }),
  fc.record({ kind: fc.constant("idle" as const), side: fc.constant("new" as const), soakSeconds: fc.nat() }),
  fc.record({ kind: fc.constant("functions" as const), table, column: name }),
  fc.constant({ kind: "verified" as const, since: "confirm" as const }),
);

const verdict = fc.record({ allowed: fc.boolean(), reason: text });
const deploy: fc.Arbitrary<Deploy> = fc.record({ oldCode: verdict, newCode: verdict });
const scope: fc.Arbitrary<Scope> = fc.record({
  table,
  columns: fc.array(name, { maxLength: 3 }),
  added: fc.option(name),
  notNull: fc.option(name),
});
const expectation: fc.Arbitrary<Expectation> = fc.record({
  kind: fc.constantFrom("column", "not null", "foreign-key"),
  name: fc.oneof(
    name,
    text.filter((value) => value !== ""),
  ),
  hash: fc.option(fc.stringMatching(/^[0-9a-f]{8}$/)),
});
const fill: fc.Arbitrary<Fill> = fc
  .record({
    table,
    reason: text.filter((value) => value !== ""),
    userTriggers: fc.constantFrom("none" as const, "fire" as const, "bypass" as const),
    // PostgreSQL lets no column be called ctid, which is how a file says that rows are told by nothing else
    key: fc.array(
      name.filter((value) => value !== "ctid"),
      { maxLength: 3 },
    ),
    writes: fc.option(fc.record({ batch: statement, one: statement })),
    transform: fc.option(
      fc.record({
        module: text.filter((value) => value !== ""),
        checksum: fc.stringMatching(/^[0-9a-f]{64}$/),
        columns: fc.array(name, { minLength: 1, maxLength: 3 }),
        type: text.filter((value) => value !== ""),
        cursor: statement,
        write: statement,
      }),
    ),
    left: statement,
    due: statement,
    verify: statement,
    mismatches: statement,
    forth: fc.option(statement),
    back: fc.option(statement),
  })
  .map(({ writes, transform, ...rest }) => {
    const sql = transform === null ? writes : null;
    const strategy = transform === null ? ("windows" as const) : ("cursor" as const);
    return { ...rest, strategy, transform, batch: sql?.batch ?? null, one: sql?.one ?? null };
  });

const slug = fc.stringMatching(/^[a-z0-9]{1,8}([-_][a-z0-9]{1,4})?$/);
const place = fc.oneof(
  fc.record({
    plan: slug,
    lane: fc.constant("trunk" as const),
    phase: fc.constantFrom("expand" as const, "dual-write" as const),
  }),
  fc.record({
    plan: slug,
    lane: fc.constant("tail" as const),
    phase: fc.constantFrom("backfill" as const, "contract" as const),
  }),
  fc.record({ plan: fc.constant(null), lane: fc.constant("trunk" as const), phase: fc.constant(null) }),
);
const work = fc.oneof(
  fc.record({ runner: fc.constantFrom("transactional" as const, "autocommit" as const), fill: fc.constant(null) }),
  fc.record({ runner: fc.constant("backfill" as const), fill }),
);

export const body: fc.Arbitrary<RevisionBody> = fc
  .record({
    place,
    work,
    name: fc.oneof(slug, fc.constant("größe-ändern")),
    title: text,
    change: fc.option(text),
    scope: fc.option(scope),
    expects: fc.array(expectation, { maxLength: 3 }),
    gate: fc.array(condition, { maxLength: 3 }),
    undoGate: fc.array(condition, { maxLength: 2 }),
    deploy: fc.option(deploy),
    irreversible: fc.option(text),
    upgrade: steps,
    downgrade: steps,
  })
  .map(({ place: where, work: how, expects, ...rest }) => ({
    ...rest,
    ...where,
    ...how,
    expects: rest.scope === null ? [] : expects,
  }));

export const id = fc.stringMatching(/^[0-9a-f]{12}$/);
export const links = fc.record({
  parents: fc.uniqueArray(id, { maxLength: 2 }),
  dependsOn: fc.uniqueArray(id, { maxLength: 2 }),
});
