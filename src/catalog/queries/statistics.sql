-- One row an extended statistics object, by name.
-- $1 oid: the relation
select
  json_build_object('schema', n.nspname, 'name', s.stxname) as "name",
  array(
    select a.attname::text from pg_attribute a
    where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped and (
      to_jsonb(s) ->> 'stxexprs' like '%:varattno 0 %' or a.attnum = any (s.stxkeys) or a.attnum in (
        select e.refobjsubid from pg_depend e
        where e.classid = 'pg_statistic_ext'::regclass and e.objid = s.oid
          and e.refclassid = 'pg_class'::regclass and e.refobjid = $1::oid
      )
    )
    order by a.attnum
  ) as "columns",
  array(
    select a.attname::text from pg_attribute a
    where a.attrelid = $1::oid and a.attnum = any (s.stxkeys) order by a.attname
  ) as "keys",
  coalesce(pg_get_statisticsobjdef_expressions(s.oid), '{}') as "expressions",
  -- One over a single expression has no kinds to choose from.
  array(
    select k.name from (values ('d', 'ndistinct'), ('f', 'dependencies'), ('m', 'mcv')) k (letter, name)
    where k.letter = any (s.stxkind::text[])
  ) as "kinds",
  nullif(s.stxstattarget, -1)::int as "target",
  obj_description(s.oid, 'pg_statistic_ext') as "comment"
from pg_statistic_ext s
join pg_namespace n on n.oid = s.stxnamespace
where s.stxrelid = $1::oid
order by n.nspname, s.stxname
