-- One row a policy of the relation, or of another whose expression reads the relation (`name on schema.table`).
-- $1 oid: the relation
with live as (
  select a.attnum, a.attname from pg_attribute a
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
)
select
  case when p.polrelid = $1::oid then p.polname::text
    else quote_ident(p.polname) || ' on ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) end as "name",
  array(
    select l.attname::text from live l
    where coalesce(p.polqual::text, '') || coalesce(p.polwithcheck::text, '') like '%:varattno 0 %' or l.attnum in (
      select e.refobjsubid from pg_depend e
      where e.classid = 'pg_policy'::regclass and e.objid = p.oid
        and e.refclassid = 'pg_class'::regclass and e.refobjid = $1::oid
    )
    order by l.attnum
  ) as "columns",
  concat(
    'AS ', case when p.polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end,
    ' FOR ', case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end,
    ' TO ', (
      select string_agg(case r when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(r)) end, ', ' order by pg_get_userbyid(r))
      from unnest(p.polroles) r
    ),
    ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
    ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'
  ) as "definition"
from pg_policy p
join pg_class c on c.oid = p.polrelid
join pg_namespace n on n.oid = c.relnamespace
where p.polrelid = $1::oid or p.oid in (
  select e.objid from pg_depend e
  where e.classid = 'pg_policy'::regclass and e.refclassid = 'pg_class'::regclass and e.refobjid = $1::oid
)
order by p.polrelid <> $1::oid, n.nspname, c.relname, p.polname
