-- One row a view (materialized ones too) that reads the relation, or a rule that does: views through their rules.
-- $1 oid: the relation
-- A whole-row reference in the rule's tree, to whichever of its tables, counts as every column: rather one too many.
with live as (
  select a.attnum, a.attname from pg_attribute a
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
), found as (
  select r.oid, r.rulename, r.ev_class, c.relname, n.nspname,
    c.relkind in ('v', 'm') and r.ev_class <> $1::oid as is_view,
    concat(r.ev_action::text, r.ev_qual::text) like '%:varattno 0 %' as whole_row
  from pg_rewrite r
  join pg_class c on c.oid = r.ev_class
  join pg_namespace n on n.oid = c.relnamespace
  where (r.ev_class = $1::oid or r.oid in (
    select e.objid from pg_depend e
    where e.classid = 'pg_rewrite'::regclass and e.refclassid = 'pg_class'::regclass and e.refobjid = $1::oid
  )) and not (r.ev_class = $1::oid and c.relkind in ('v', 'm') and r.rulename = '_RETURN')
), reader as (
  -- A view counts once, with all of its rules.
  select f.is_view, f.ev_class, f.nspname, f.relname, case when not f.is_view then f.rulename end as rulename,
    array_agg(f.oid) as rules, bool_or(f.whole_row) as whole_row
  from found f
  group by 1, 2, 3, 4, 5
)
select
  r.is_view as "isView",
  r.nspname::text as "schema",
  case
    when r.is_view then r.relname::text
    when r.ev_class = $1::oid then r.rulename::text
    else quote_ident(r.rulename) || ' on ' || quote_ident(r.nspname) || '.' || quote_ident(r.relname)
  end as "name",
  array(
    select l.attname::text from live l
    where r.whole_row or l.attnum in (
      select e.refobjsubid from pg_depend e
      where e.classid = 'pg_rewrite'::regclass and e.objid = any (r.rules)
        and e.refclassid = 'pg_class'::regclass and e.refobjid = $1::oid
    )
    order by l.attnum
  ) as "columns"
from reader r
order by r.is_view, r.ev_class <> $1::oid, r.nspname, r.relname, r.rulename
