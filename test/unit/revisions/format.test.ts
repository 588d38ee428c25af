import { describe, expect, test } from "vitest";
import { checksumOf, finishRevision, parseRevision, printRevision } from "../../../src/revisions/format.js";
import type { RevisionBody, Step } from "../../../src/revisions/revision.js";
import { trusted } from "../../../src/sql/text.js";
import { EMPTY, refusal } from "./make.js";

const orders = { schema: "app", name: "orders" };
const sqlText = (text: string) => trusted(text, "constant");

const STEP: Step = {
  name: "create-orders-total-idx",
  title: "twin of orders_total_idx",
  sql: sqlText("create index concurrently changeover_orders_total_idx on app.orders (amount)"),
  locks: [{ mode: "SHARE UPDATE EXCLUSIVE", table: orders }],
  lockTimeoutMs: 0,
  statementTimeoutMs: 0,
  work: "build",
  server: { from: 15, below: 18 },
  done: sqlText("select true"),
  heals: { schema: "app", name: "changeover_orders_total_idx" },
};

const BODY: RevisionBody = {
  ...EMPTY,
  plan: "orders-total",
  name: "index",
  title: "build the indexes of amount",
  change: "rename_column app.orders.total to amount",
  lane: "tail",
  phase: "backfill",
  runner: "autocommit",
  scope: { table: orders, columns: ["total", "Größe"], added: "amount", notNull: null },
  expects: [
    { kind: "column", name: "app.orders.total", hash: "9c1f07e2" },
    { kind: "not null", name: 'app."Odd one"', hash: null },
  ],
  gate: [{ kind: "verified" }, { kind: "quiet", side: "old", soakSeconds: 86_400 }],
  undoGate: [{ kind: "functions", table: orders, column: "total" }],
  deploy: {
    oldCode: { allowed: true, reason: "what it writes is mirrored" },
    newCode: { allowed: false, reason: "its constraints are not validated yet" },
  },
  irreversible: "no way back",
  upgrade: [STEP],
  downgrade: [
    {
      ...STEP,
      name: "drop",
      title: "",
      locks: [],
      lockTimeoutMs: 400,
      statementTimeoutMs: 10_000,
      work: "catalog",
      server: {},
      heals: null,
      sql: sqlText("drop index concurrently if exists app.i"),
    },
  ],
};
const LINKS = { parents: ["91b2aa04c6d3"], dependsOn: ["0123456789ab", "ffffffffffff"] };

test("a revision reads as it will run", () => {
  const made = finishRevision(BODY, LINKS);
  expect(made.text).toBe(`-- changeover revision ${made.id}
-- parent              91b2aa04c6d3
-- depends_on          0123456789ab, ffffffffffff
-- plan                orders-total
-- name                index
-- change              rename_column app.orders.total to amount
-- title               build the indexes of amount
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.orders (total, "Größe")
-- scope added         amount
-- expects             column app.orders.total 9c1f07e2
-- expects             not null "app.\\"Odd one\\"" absent
-- gate                verified
-- gate                quiet old for 24h
-- undo gate           functions app.orders.total
-- deploy old          yes: what it writes is mirrored
-- deploy new          no: its constraints are not validated yet
-- irreversible        no way back

-- upgrade

-- step create-orders-total-idx: twin of orders_total_idx
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     build
--   server   >= 15, < 18
--   done     select true
--   heals    app.changeover_orders_total_idx
create index concurrently changeover_orders_total_idx on app.orders (amount);

-- downgrade

-- step drop
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select true
drop index concurrently if exists app.i;
`);
});

test("a fill has a named block for each of its statements", () => {
  const fill = {
    table: orders,
    strategy: "windows" as const,
    reason: "SQL computes the values",
    transform: null,
    userTriggers: "bypass" as const,
    key: ["id", "Line no"],
    batch: sqlText("update app.orders set amount = total\nwhere ctid >= $1 and ctid < $2"),
    left: sqlText("select 1"),
    due: sqlText("select 2"),
    one: sqlText("select 3"),
    verify: sqlText("select 4"),
    mismatches: sqlText("select 5"),
    forth: sqlText("select 6"),
    back: null,
  };
  const { text } = finishRevision(
    { ...BODY, name: "fill", runner: "backfill", fill, upgrade: [], downgrade: [] },
    LINKS,
  );
  expect(text).toContain(
    '-- fill table          app.orders\n-- fill strategy       windows: SQL computes the values\n-- fill user triggers  bypass\n-- fill key            id, "Line no"\n',
  );
  expect(text).toContain(
    "\n-- upgrade\n\n-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time\nupdate app.orders set amount = total\nwhere ctid >= $1 and ctid < $2;\n\n-- left: ",
  );
  const looking = finishRevision(
    {
      ...BODY,
      name: "look",
      runner: "backfill",
      fill: { ...fill, key: [], batch: null, one: null },
      upgrade: [],
      downgrade: [],
    },
    LINKS,
  );
  expect(looking.text).toContain("-- fill key            ctid\n");
  expect(looking.text).not.toContain("-- batch");
});

describe("id and checksum", () => {
  const made = finishRevision(BODY, LINKS);
  test("are the same everywhere, for ever", () => {
    expect([made.id, made.checksum.slice(0, 16)]).toEqual(["971c6d0ef532", "a16c4ddaaf21bf13"]);
  });

  test.each<[string, Partial<RevisionBody>]>([
    ["the plan", { plan: "orders-sum" }],
    ["the name", { name: "indexes" }],
    ["a title", { title: "other" }],
    ["a gate", { gate: [] }],
    ["a statement", { upgrade: [{ ...STEP, sql: sqlText("select 1") }] }],
  ])("%s changes both", (_, change) => {
    const other = finishRevision({ ...BODY, ...change }, LINKS);
    expect(other.id).not.toBe(made.id);
    expect(other.checksum).not.toBe(made.checksum);
  });

  test("an edited file keeps its id, and its checksum tells", () => {
    const edited = parseRevision(made.text.replace("(amount)", "(amount desc)"), "x.sql");
    expect(edited.id).toBe(made.id);
    expect(edited.checksum).not.toBe(made.checksum);
    expect(edited.checksum).toBe(checksumOf(edited.text));
  });
});

describe("what a file could not carry is refused when it is printed", () => {
  const withSql = (text: string) => ({ ...BODY, upgrade: [{ ...STEP, sql: sqlText(text) }] });
  test.each<[string, RevisionBody, RegExp]>([
    ["a step's header between two statements", withSql("select 1;\n-- step two: x\nselect 2"), /In upgrade step two/],
    [
      "the same where the halves would both be steps",
      { ...BODY, runner: "transactional", upgrade: [{ ...STEP, sql: sqlText("select 1;\n-- step two: x\nselect 2") }] },
      /upgrade would read differently/,
    ],
    ["a section between two statements", withSql("select 1;\n-- downgrade\nselect 2"), /second section downgrade/],
    ["a header in the middle of a statement", withSql("select 1,\n-- upgrade\n2"), /has not ended before -- upgrade/],
    ["a statement that begins like a step's key", withSql("--   lock nothing\nselect 1"), /This is no lock/],
    ["a string that does not end", withSql("select 'a"), /A string begins here/],
    ["a carriage return", withSql("select '\r'"), /carriage return/],
    ["half a character", { ...BODY, upgrade: [{ ...STEP, sql: sqlText("select '\ud800'") }] }, /no text file/],
    ["a step without a statement", withSql(";"), /no statement/],
    ["two steps of one name", { ...BODY, upgrade: [STEP, STEP] }, /two steps create-orders-total-idx/],
    ["a timeout that is no whole millisecond", { ...BODY, upgrade: [{ ...STEP, lockTimeoutMs: 0.5 }] }, /no timeout/],
    [
      "an autocommit step of a plan that cannot tell whether it is done",
      { ...BODY, upgrade: [{ ...STEP, done: null }] },
      /whether it is done/,
    ],
    ["a tail without a plan", { ...BODY, plan: null, phase: null }, /in no plan/],
    ["an expand in a tail", { ...BODY, phase: "expand" }, /the trunk's/],
    ["a fill by another runner", { ...BODY, runner: "backfill" }, /has no fill/],
    ["a name that is no name", { ...BODY, name: "a b" }, /not letters and digits/],
  ])("%s", (_, body, message) => {
    const error = refusal(() => finishRevision(body, LINKS));
    expect(error).toMatchObject({ code: "revision-invalid", exitCode: 2 });
    expect(error.message).toMatch(message);
  });

  test("what is ours inside a function's body is no header", () => {
    const text =
      "create function f() returns void language plpgsql as $f$\n-- step two: x\n-- downgrade\n--   lock x\nbegin\nend\n$f$";
    const made = finishRevision(withSql(text), LINKS);
    expect(parseRevision(made.text, "x.sql").upgrade.map((step) => step.sql)).toEqual([text]);
  });

  test("a comment at a statement's end keeps its semicolon off it", () => {
    const made = finishRevision(withSql("select 1 -- one;"), LINKS);
    expect(made.text).toContain("select 1 -- one;\n;\n");
    expect(printRevision(parseRevision(made.text, "x.sql"))).toBe(made.text);
  });
});
