-- One row an index, by name.
-- $1 oid: the relation
--
-- `columns` are the keys and INCLUDE columns of pg_index, and what the expressions and the predicate read by pg_depend:
-- the server's own list, which it also follows when a column is dropped. It records nothing for a whole-row reference,
-- so that one is looked for in the expression tree, and counts as every column.
--
-- A collation of an expression, and an operator class, is given where pg_get_indexdef prints it: it alone knows the
-- expression's own collation and the type's default class (binary-coercible and polymorphic types included).
with live as (
  select a.attnum, a.attname, a.attcollation from pg_attribute a
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
), found as (
  select i.*, x.relname, x.reltablespace, x.reloptions, m.amname, pg_get_indexdef(i.indexrelid) as definition,
    coalesce(i.indexprs::text, '') || coalesce(i.indpred::text, '') like '%:varattno 0 %' as whole_row
  from pg_index i
  join pg_class x on x.oid = i.indexrelid
  join pg_am m on m.oid = x.relam
  where i.indrelid = $1::oid
)
select
  f.relname::text as "name",
  f.amname::text as "method",
  f.indisunique as "unique",
  f.indisprimary as "primary",
  f.indisexclusion as "exclusion",
  f.indimmediate as "immediate",
  f.indisvalid and f.indisready and f.indislive as "valid",
  -- A column of PostgreSQL 15 and later.
  coalesce((to_jsonb(f) ->> 'indnullsnotdistinct')::boolean, false) as "nullsNotDistinct",
  f.indisclustered as "clustered",
  (
    select k.conname::text from pg_constraint k
    where k.conrelid = $1::oid and k.conindid = f.indexrelid and k.contype in ('p', 'u', 'x')
  ) as "constraint",
  (
    select json_agg(json_build_object(
      'column', l.attname,
      'expression', case when p.attnum = 0 then p.printed end,
      'collation', case when p.shown_collation then p.collation end,
      'opclass', case when strpos(f.definition, p.printed || coalesce(' COLLATE ' || p.collation_as_printed, '') || ' ' || p.opclass_as_printed) > 0
          or strpos(f.definition, p.printed || ' ' || p.opclass_as_printed) > 0 or p.options is not null
        then p.opclass || coalesce(' (' || p.options || ')', '') end,
      'descending', p.flags & 1 = 1,
      'nullsFirst', p.flags & 2 = 2
    ) order by p.n)
    from (
      select n, f.indkey[n - 1] as attnum, f.indoption[n - 1]::int as flags, printed,
        quote_ident(cn.nspname) || '.' || quote_ident(c.collname) as collation,
        case when cn.nspname <> 'pg_catalog' then quote_ident(cn.nspname) || '.' else '' end || quote_ident(c.collname)
          as collation_as_printed,
        case
          when c.oid is null then false
          when f.indkey[n - 1] <> 0 then c.oid <> (select l.attcollation from live l where l.attnum = f.indkey[n - 1])
          else strpos(f.definition, printed || ' COLLATE ') > 0
        end as shown_collation,
        quote_ident(pn.nspname) || '.' || quote_ident(o.opcname) as opclass,
        case when pn.nspname <> 'pg_catalog' then quote_ident(pn.nspname) || '.' else '' end || quote_ident(o.opcname)
          as opclass_as_printed,
        (
          select string_agg(quote_ident(split_part(w, '=', 1)) || '=' || quote_literal(substr(w, strpos(w, '=') + 1)), ', ')
          from pg_attribute a cross join unnest(a.attoptions) w
          where a.attrelid = f.indexrelid and a.attnum = n
        ) as options
      from generate_series(1, f.indnkeyatts) n
      cross join lateral pg_get_indexdef(f.indexrelid, n, false) as printed
      join pg_opclass o on o.oid = f.indclass[n - 1]
      join pg_namespace pn on pn.oid = o.opcnamespace
      left join pg_collation c on c.oid = f.indcollation[n - 1]
      left join pg_namespace cn on cn.oid = c.collnamespace
    ) p
    left join live l on l.attnum = p.attnum
  ) as "keys",
  array(
    select l.attname::text from generate_series(f.indnkeyatts + 1, f.indnatts) n
    join live l on l.attnum = f.indkey[n - 1]
    order by n
  ) as "include",
  pg_get_expr(f.indpred, f.indrelid) as "predicate",
  coalesce(f.reloptions, '{}') as "options",
  (select s.spcname::text from pg_tablespace s where s.oid = f.reltablespace) as "tablespace",
  obj_description(f.indexrelid, 'pg_class') as "comment",
  (
    select coalesce(json_agg(json_build_object('position', a.attnum, 'target', a.attstattarget) order by a.attnum), '[]')
    from pg_attribute a where a.attrelid = f.indexrelid and a.attstattarget >= 0 and f.indkey[a.attnum - 1] = 0
  ) as "statisticsTargets",
  array(
    select l.attname::text from live l
    where f.whole_row or l.attnum = any (f.indkey) or l.attnum in (
      select e.refobjsubid from pg_depend e
      where e.classid = 'pg_class'::regclass and e.objid = f.indexrelid
        and e.refclassid = 'pg_class'::regclass and e.refobjid = $1::oid
    )
    order by coalesce(array_position(string_to_array(f.indkey::text, ' ')::int[], l.attnum::int), 10000), l.attnum
  ) as "columns",
  f.definition as "definition"
from found f
order by f.relname
