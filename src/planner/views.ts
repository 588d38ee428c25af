/** The views over a column: replaced where they stand, or dropped and made again with all that is theirs. */
import type { Table, View, ViewColumn, ViewGrant } from "../catalog/snapshot.js";
import { withReaders } from "../catalog/views.js";
import type { Step } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { dollarQuote, literal } from "../sql/literal.js";
import { renameInSelect, SelectError } from "../sql/select.js";
import { join, type SqlText, sql, trusted } from "../sql/text.js";
import { ddl, plain, regclass, SEVERAL_TABLES_MS, stepName } from "./steps.js";
import { surroundingsOf } from "./surroundings.js";
import { option, type Renaming } from "./twins.js";

/** The views over the column and those over them, each after what it reads. */
export function viewTree(table: Table, column: string): View[] {
  return withReaders(table, surroundingsOf(table, column).views);
}

export type Replacement = { readonly view: View; readonly before: SqlText; readonly after: SqlText };

/**
 * The views that read the column itself, over the other one: what they give keeps name and type, so that nothing over them
 * notices. Those whose text cannot be rewritten are left out: `rewriteError` says why.
 */
export function replacements(table: Table, renaming: Renaming): Replacement[] {
  return surroundingsOf(table, renaming.from).views.flatMap((view) => {
    if (view.kind !== "view" || rewriteError(table, view, renaming) !== null) return [];
    const before = trusted(view.definition, "server");
    const after = renameInSelect(view.definition, table, renaming.from, renaming.to);
    return after === before ? [] : [{ view, before, after }];
  });
}

/** Why the view's text cannot be read for certain; null: it can. */
export function rewriteError(table: Table, view: View, { from, to }: Renaming): SelectError | null {
  try {
    renameInSelect(view.definition, table, from, to);
    return null;
  } catch (error) {
    if (error instanceof SelectError) return error;
    throw error;
  }
}

/** One statement of a transaction of its own: no other relation is locked with it, so nobody can wait for us in a circle. */
export function replaceView(table: Table, { view }: Replacement, text: SqlText, gone: string): Step {
  const name = view.view;
  return ddl(
    stepName("replace", name.name),
    "ACCESS EXCLUSIVE",
    [name],
    sql`create or replace view ${qualified(name)}${viewOptions(view)} as
${text}`,
    { done: readsNoMore(name, table, gone) },
  );
}

function readsNoMore(view: QualifiedName, table: Table, column: string): SqlText {
  return sql`select not exists (select from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and r.ev_class = ${regclass(view)} and d.refobjid = ${regclass(table)} and a.attname = ${literal(column)})`;
}

/**
 * First in its transaction: who reads a view locks it before what it reads, and so the views before the table. Those over
 * others go first, for the same reason.
 */
export function dropViews(views: readonly View[]): Step[] {
  if (views.length === 0) return [];
  const names = views.map(({ view }) => view).reverse();
  const step = ddl(
    "drop-views",
    "ACCESS EXCLUSIVE",
    names,
    join(
      names.map((name) => sql`drop view ${qualified(name)}`),
      ";\n",
    ),
    { title: "made again in this transaction, from the same text" },
  );
  return [{ ...step, lockTimeoutMs: SEVERAL_TABLES_MS }];
}

export function createViews(views: readonly View[]): Step[] {
  if (views.length === 0) return [];
  return [
    plain(
      "create-views",
      join(
        views.map((view) => create(view)),
        ";\n",
      ),
      { title: "over the column that has the name now" },
    ),
    plain("own-views", sql`do ${dollarQuote(disown(views))}`, {
      title: "privileges begin at none, whatever default privileges have given",
    }),
    plain("describe-views", join(views.flatMap(belongings), ";\n"), {
      title: "their owners, grants, comments and defaults",
    }),
  ];
}

const create = (view: View) => sql`create view ${qualified(view.view)}${viewOptions(view)} as
${trusted(view.definition, "server")}`;

/** Replacing a view resets the options that it does not name. */
export function viewOptions(view: View): SqlText {
  return view.options.length === 0 ? sql`` : sql` with (${join(view.options.map(option))})`;
}

/** Default privileges are whoever runs this one's, and another database's may differ: the grants start from none. */
function disown(views: readonly View[]): SqlText {
  const made = join(views.map(({ view }) => regclass(view)));
  return sql`
declare
  given record;
begin
  for given in
    select c.oid::pg_catalog.regclass as name,
           case a.grantee when 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end as grantee
      from pg_catalog.pg_class c, pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) a
     where c.oid in (${made})
     group by c.oid, a.grantee
  loop
    execute pg_catalog.format('revoke all on %s from %s', given.name, given.grantee);
  end loop;
end
`;
}

function belongings(view: View): SqlText[] {
  const self = qualified(view.view);
  const owner = ident(view.owner);
  return [
    sql`alter view ${self} owner to ${owner}`,
    sql`grant all on ${self} to ${owner}`,
    ...(view.ownerLacks.length === 0 ? [] : [sql`revoke ${privileges(view.ownerLacks)} on ${self} from ${owner}`]),
    ...view.grants.map((given) => grant(self, given, null)),
    ...(view.comment === null ? [] : [sql`comment on view ${self} is ${literal(view.comment)}`]),
    ...view.outputs.flatMap((output) => columnOf(self, output)),
  ];
}

function columnOf(self: SqlText, { name, default: value, comment, grants }: ViewColumn): SqlText[] {
  return [
    ...(value === null
      ? []
      : [sql`alter view ${self} alter column ${ident(name)} set default ${trusted(value, "server")}`]),
    ...grants.map((given) => grant(self, given, name)),
    ...(comment === null ? [] : [sql`comment on column ${self}.${ident(name)} is ${literal(comment)}`]),
  ];
}

const privileges = (names: readonly string[]) => join(names.map((name) => trusted(name.toLowerCase(), "server")));

function grant(self: SqlText, { privilege, grantee, grantable }: ViewGrant, column: string | null): SqlText {
  const to = grantee === null ? sql`public` : ident(grantee);
  const on = column === null ? sql`` : sql` (${ident(column)})`;
  return sql`grant ${privileges([privilege])}${on} on ${self} to ${to}${grantable ? sql` with grant option` : sql``}`;
}
