-- One row a trigger of the user's or ours (those of constraints apart), in the order in which they fire.
-- $1 oid: the relation
-- `columns`: UPDATE OF and WHEN by pg_depend; a whole-row OLD or NEW, of which it records nothing, counts as every column.
with live as (
  select a.attnum, a.attname from pg_attribute a
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
)
select
  t.tgname::text as "name",
  case when t.tgtype & 2 = 2 then 'before' when t.tgtype & 64 = 64 then 'instead of' else 'after' end as "timing",
  case when t.tgtype & 1 = 1 then 'row' else 'statement' end as "level",
  array_remove(array[
    case when t.tgtype & 4 = 4 then 'insert' end, case when t.tgtype & 16 = 16 then 'update' end,
    case when t.tgtype & 8 = 8 then 'delete' end, case when t.tgtype & 32 = 32 then 'truncate' end
  ], null) as "events",
  case t.tgenabled when 'A' then 'always' when 'R' then 'replica' when 'D' then 'disabled' else 'origin' end as "enabled",
  array(select l.attname::text from live l where l.attnum = any (t.tgattr) order by l.attnum) as "updateOf",
  array(
    select l.attname::text from live l
    where t.tgqual::text like '%:varattno 0 %' or l.attnum in (
      select e.refobjsubid from pg_depend e
      where e.classid = 'pg_trigger'::regclass and e.objid = t.oid
        and e.refclassid = 'pg_class'::regclass and e.refobjid = $1::oid
    )
    order by l.attnum
  ) as "columns",
  json_build_object('schema', n.nspname, 'name', p.proname) as "function",
  exists (select from pg_constraint k where k.oid = t.tgconstraint and k.contype = 't') as "constraint",
  pg_get_triggerdef(t.oid) as "definition",
  starts_with(t.tgname::text, '~~changeover') as "ours"
from pg_trigger t
join pg_proc p on p.oid = t.tgfoid
join pg_namespace n on n.oid = p.pronamespace
where t.tgrelid = $1::oid
  -- 14 calls a user's trigger internal where a partition has it from its parent.
  and (not t.tgisinternal or t.tgparentid <> 0)
  and not exists (select from pg_constraint k where k.oid = t.tgconstraint and k.contype <> 't')
order by t.tgname
