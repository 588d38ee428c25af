-- One row a function that may touch the relation: its triggers' functions in any language, functions in plpgsql and SQL
-- whose source holds the name somewhere (the caller looks closer), and those that depend on it by pg_depend: SQL-standard
-- bodies, and functions that take or return its row type, whose source need not name it (`select $1.total`).
-- $1 oid: the relation
-- $2 text: its name. The "C" collation folds ASCII alone, as the server folds identifiers, whatever the database's locale.
with tied as (
  select t.tgfoid as oid, array_agg(distinct encode(t.tgargs, 'hex')) filter (where t.tgnargs > 0) as args
  from pg_trigger t
  where t.tgrelid = $1::oid and not exists (select from pg_constraint k where k.oid = t.tgconstraint and k.contype <> 't')
  group by t.tgfoid
), depending as (
  select distinct e.objid as oid from pg_depend e
  where e.classid = 'pg_proc'::regclass and (
    (e.refclassid = 'pg_class'::regclass and e.refobjid = $1::oid)
    or (e.refclassid = 'pg_type'::regclass and e.refobjid in (
      select t.oid from pg_type t where t.typrelid = $1::oid
      union all
      select t.typarray from pg_type t where t.typrelid = $1::oid and t.typarray <> 0
    ))
  )
)
select
  json_build_object('schema', n.nspname, 'name', p.proname) as "function",
  pg_get_function_identity_arguments(p.oid) as "arguments",
  pg_get_userbyid(p.proowner)::text as "owner",
  l.lanname::text as "language",
  t.oid is not null as "onTrigger",
  coalesce(t.args, '{}') as "triggerArguments",
  d.oid is not null as "depends",
  case when l.lanname in ('c', 'internal') then '' else coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) end as "source"
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
left join tied t on t.oid = p.oid
left join depending d on d.oid = p.oid
where n.nspname <> 'changeover' and (
  t.oid is not null
  or d.oid is not null
  or (l.lanname in ('plpgsql', 'sql') and n.nspname not in ('pg_catalog', 'information_schema') and (
    strpos(lower(p.prosrc collate "C"), lower($2 collate "C")) > 0
    or strpos(lower(p.prosrc collate "C"), lower(replace($2, '"', '""') collate "C")) > 0
  ))
)
order by n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)
