/**
 * GENERATED … AS IDENTITY, carried from one column to another. Its sequence depends on its column from the inside and goes
 * with it, so another one is made under its name, to go on from where it stands, in one transaction under both locks.
 *
 * ADD GENERATED wants the column's NOT NULL in force and, on 18, validated. After the undo of a switch the old side has
 * neither yet, and a scan under that lock would stop everybody: a default stands in for the identity until then.
 */
import type { Column, IdentitySequence, Table } from "../catalog/snapshot.js";
import type { Step } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { dollarQuote, integer, literal } from "../sql/literal.js";
import { join, type SqlText, sql, trusted } from "../sql/text.js";
import { type Bounds, boundsOf } from "./identity-bounds.js";
import { underTwoLocks } from "./sequences.js";
import { ddl, regclass } from "./steps.js";

/** What the column has that gives: `either` where an undo may have left it at the default. */
type Held = "identity" | "default" | "either";

type Way = { readonly from: string; readonly to: string; readonly held: Held; readonly bounds?: Bounds };

/** `bounds`: how far it counts there, if not as far as it did. */
export function moveIdentity(table: Table, column: Column, way: Way): Step[] {
  const sequence = column.identitySequence;
  if (sequence === null) return [];
  const give = giveIdentity(table, column, sequence, way.to, way.bounds ?? boundsOf(sequence));
  return [replaced("move-identity", table, sequence, way, give, "its sequence goes on from where it stands")];
}

/** From the identity of `from` to a default of `to`, which needs no NOT NULL. */
export function standInForIdentity(table: Table, column: Column, way: Omit<Way, "held">): Step[] {
  const sequence = column.identitySequence;
  if (sequence === null) return [];
  const name = qualified(sequence);
  const give = [
    sql`create sequence ${name} as ${trusted(sequence.type, "server")} ${options(sequence, boundsOf(sequence))};`,
    // An owned sequence is its table's owner's.
    sql`execute pg_catalog.format('alter sequence %s owner to %I', ${literal(name)}, (select pg_catalog.pg_get_userbyid(c.relowner) from pg_catalog.pg_class c where c.oid = ${regclass(table)}));`,
    sql`alter sequence ${name} owned by ${qualified(table)}.${ident(way.from)};`,
    // An identity asks no privilege of who inserts, a default does.
    sql`grant usage on sequence ${name} to public;`,
    sql`alter table ${qualified(table)} alter column ${ident(way.to)} set default nextval(${literal(name)}::pg_catalog.regclass);`,
  ];
  const title = "a default, until NOT NULL is proven without a strong lock";
  return [replaced("stand-in-for-identity", table, sequence, { ...way, held: "identity" }, give, title)];
}

/** The way back to the identity; done where it never went. */
export function restoreIdentity(table: Table, column: Column): Step[] {
  const restored = moveIdentity(table, column, { from: column.name, to: column.name, held: "default" });
  const done = sql`select ${isIdentity(table, column.name)}`;
  return restored.map((step) => ({ ...step, name: "restore-identity", done }));
}

const isIdentity = (table: Table, column: string) =>
  sql`exists (select from pg_catalog.pg_attribute where attrelid = ${regclass(table)} and attname = ${literal(column)} and attidentity <> '')`;

/** Once the old side is gone: as far as ALTER TYPE would have it count. */
export function widenIdentity(table: QualifiedName, column: Column, meanwhile: Bounds, end: Bounds): Step[] {
  const sequence = column.identitySequence;
  if (sequence === null || (meanwhile.min === end.min && meanwhile.max === end.max)) return [];
  const text = sql`alter sequence ${qualified(sequence)} minvalue ${integer(end.min)} maxvalue ${integer(end.max)}`;
  return [underTwoLocks(ddl("widen-identity", "ACCESS EXCLUSIVE", [table], text))];
}

/** The sequence goes and comes again, in one statement: without a transaction around it, it is one. */
function replaced(
  name: string,
  table: Table,
  sequence: IdentitySequence,
  { from, held }: Way,
  give: readonly SqlText[],
  title: string,
): Step {
  const [self, made] = [qualified(table), qualified(sequence)];
  const lines = [
    sql`lock table ${self} in access exclusive mode;`,
    // A no-op that locks it against nextval(), which asks for no lock on the table.
    sql`alter sequence ${made} cache ${integer(BigInt(sequence.cache))};`,
    sql`select s.last_value, s.is_called into stood from ${made} s;`,
    ...letGo(table, sequence, from, held),
    ...give,
    // Not transactional, but of a sequence that goes if this transaction does.
    sql`perform pg_catalog.setval(${literal(made)}, stood.last_value, stood.is_called);`,
  ];
  const body = sql`
declare
  stood record;
  given record;
begin
${join(
  lines.map((line) => sql`  ${line}`),
  "\n",
)}
end
`;
  return underTwoLocks(ddl(name, "ACCESS EXCLUSIVE", [table], sql`do ${dollarQuote(body)}`, { title }));
}

function letGo(table: Table, sequence: IdentitySequence, column: string, held: Held): SqlText[] {
  const alter = sql`alter table ${qualified(table)} alter column ${ident(column)}`;
  const identity = [sql`${alter} drop identity;`];
  const byDefault = [sql`${alter} drop default;`, sql`drop sequence ${qualified(sequence)};`];
  if (held === "identity") return identity;
  if (held === "default") return byDefault;
  const within = (lines: readonly SqlText[]) => lines.map((line) => sql`  ${line}`);
  return [
    sql`if ${isIdentity(table, column)} then`,
    ...within(identity),
    sql`else`,
    ...within(byDefault),
    sql`end if;`,
  ];
}

function giveIdentity(table: Table, column: Column, sequence: IdentitySequence, to: string, bounds: Bounds): SqlText[] {
  const name = qualified(sequence);
  const kind = column.identity === "always" ? sql`always` : sql`by default`;
  const { persistence, comment, grants } = sequence;
  return [
    sql`alter table ${qualified(table)} alter column ${ident(to)} add generated ${kind} as identity (sequence name ${name} ${options(sequence, bounds)});`,
    // What default privileges give to every new sequence, this one may not have had.
    sql`for given in select distinct case g.grantee when 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) end as grantee from pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) g where c.oid = ${regclass(sequence)} and g.grantee <> c.relowner loop`,
    sql`  execute pg_catalog.format('revoke all on sequence %s from %s', ${literal(name)}, given.grantee);`,
    sql`end loop;`,
    ...(persistence === null ? [] : [sql`alter sequence ${name} set ${trusted(persistence, "constant")};`]),
    ...(comment === null ? [] : [sql`comment on sequence ${name} is ${literal(comment)};`]),
    ...grants.map(({ grantee, privilege, grantable }) => {
      const to = grantee === null ? sql`public` : ident(grantee);
      const option = grantable ? sql` with grant option` : sql``;
      return sql`grant ${trusted(privilege.toLowerCase(), "constant")} on sequence ${name} to ${to}${option};`;
    }),
  ];
}

/** All of them: a default of the server's hangs on the type, which is another one on the way. */
function options({ start, increment, cache, cycle }: IdentitySequence, { min, max }: Bounds): SqlText {
  const number = (digits: string) => integer(BigInt(digits));
  return sql`start with ${number(start)} increment by ${number(increment)} minvalue ${integer(min)} maxvalue ${integer(max)} cache ${number(cache)} ${cycle ? sql`cycle` : sql`no cycle`}`;
}
