-- One row a thing by which a partition (of any level) is other than its parent, or in the way; and one for each column of a
-- partition key.
-- $1 oid: the partitioned table
-- Columns are given by name: attnums of a partition need not be its parent's.
with recursive tree (relation, level) as (
  select $1::oid, 0
  union all
  select i.inhrelid, t.level + 1 from tree t join pg_inherits i on i.inhparent = t.relation
), part as (
  select c.*, format('%I.%I', n.nspname, c.relname) as printed
  from tree t join pg_class c on c.oid = t.relation join pg_namespace n on n.oid = c.relnamespace
  where t.level > 0
), col as (
  select a.attrelid, a.attnum, a.attname, a.attnotnull, a.attacl
  from tree t join pg_attribute a on a.attrelid = t.relation
  where a.attnum > 0 and not a.attisdropped
), own_index as (
  select i.*, x.relname from part p join pg_index i on i.indrelid = p.oid join pg_class x on x.oid = i.indexrelid
  where not exists (select from pg_inherits h where h.inhrelid = i.indexrelid)
)
-- The server keeps each column of a key, and of an expression in one, from being dropped on its own.
select 'key' as "kind", '' as "partition", '' as "name", array[l.attname::text] as "columns"
from tree t
join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = t.relation and d.objsubid > 0
  and d.refclassid = 'pg_class'::regclass and d.refobjid = t.relation and d.refobjsubid = 0 and d.deptype = 'i'
join col l on l.attrelid = t.relation and l.attnum = d.objsubid
join pg_class c on c.oid = t.relation and c.relkind = 'p'
union
select 'unwalkable', p.printed, case when p.relkind = 'f' then 'a foreign table' else 'stored by ' || m.amname end, '{}'
from part p left join pg_am m on m.oid = p.relam
where p.relkind not in ('r', 'p') or (p.relkind = 'r' and m.amname <> 'heap')
union
select 'owner', p.printed, pg_get_userbyid(p.relowner)::text, '{}'
from part p where not pg_has_role(p.relowner, 'USAGE')
union
select 'trigger', p.printed, t.tgname::text, '{}'
from part p join pg_trigger t on t.tgrelid = p.oid
where t.tgparentid = 0 and t.tgtype & 1 = 1 and t.tgtype & 20 <> 0 and t.tgenabled <> 'D'
  and not starts_with(t.tgname::text, '~~changeover')
  and not exists (select from pg_constraint k where k.oid = t.tgconstraint and k.contype <> 't')
union
select 'rule', p.printed, r.rulename::text, '{}'
from part p join pg_rewrite r on r.ev_class = p.oid where p.relkind in ('r', 'p')
union
select 'row security', p.printed, 'FORCE ROW LEVEL SECURITY', '{}'
from part p where p.relrowsecurity and p.relforcerowsecurity
  and not (select r.rolsuper or r.rolbypassrls from pg_roles r where r.rolname = current_user)
union
select 'index', p.printed, i.relname::text, array(
    select l.attname::text from col l where l.attrelid = p.oid and (
      coalesce(i.indexprs::text, '') || coalesce(i.indpred::text, '') like '%:varattno 0 %'
      or l.attnum = any (i.indkey)
      or l.attnum in (
        select e.refobjsubid from pg_depend e
        where e.classid = 'pg_class'::regclass and e.objid = i.indexrelid
          and e.refclassid = 'pg_class'::regclass and e.refobjid = p.oid))
    order by l.attnum)
from part p join own_index i on i.indrelid = p.oid
union
select 'replica identity', p.printed, x.relname::text,
  array(select l.attname::text from col l where l.attrelid = p.oid and l.attnum = any (i.indkey) order by l.attnum)
from part p join pg_index i on i.indrelid = p.oid and i.indisreplident join pg_class x on x.oid = i.indexrelid
union
select 'constraint', p.printed, k.conname::text,
  array(select l.attname::text from col l where l.attrelid = p.oid and l.attnum = any (k.conkey) order by l.attnum)
from part p join pg_constraint k on k.conrelid = p.oid
where k.contype in ('c', 'f', 'x') and k.coninhcount = 0 and k.conparentid = 0
union
select 'foreign key of another table', p.printed, k.conname::text,
  array(select l.attname::text from col l where l.attrelid = p.oid and l.attnum = any (k.confkey) order by l.attnum)
from part p join pg_constraint k on k.confrelid = p.oid
where k.contype = 'f' and k.conparentid = 0
union
select 'default', p.printed, l.attname::text, array[l.attname::text]
from part p
join col l on l.attrelid = p.oid
join col o on o.attrelid = $1::oid and o.attname = l.attname
left join pg_attrdef d on d.adrelid = l.attrelid and d.adnum = l.attnum
left join pg_attrdef e on e.adrelid = o.attrelid and e.adnum = o.attnum
where pg_get_expr(d.adbin, d.adrelid) is distinct from pg_get_expr(e.adbin, e.adrelid)
union
select 'NOT NULL', p.printed, l.attname::text, array[l.attname::text]
from part p
join col l on l.attrelid = p.oid and l.attnotnull
join col o on o.attrelid = $1::oid and o.attname = l.attname and not o.attnotnull
union
select 'column grant', p.printed, l.attname::text, array[l.attname::text]
from part p join col l on l.attrelid = p.oid and l.attacl is not null
union
select 'statistics object', p.printed, s.stxname::text, array(
    select l.attname::text from col l where l.attrelid = p.oid and l.attnum in (
      select e.refobjsubid from pg_depend e
      where e.classid = 'pg_statistic_ext'::regclass and e.objid = s.oid
        and e.refclassid = 'pg_class'::regclass and e.refobjid = p.oid)
    order by l.attnum)
from part p join pg_statistic_ext s on s.stxrelid = p.oid
union
select case d.classid when 'pg_policy'::regclass then 'policy' else 'view' end, p.printed,
  case d.classid when 'pg_policy'::regclass then (select y.polname::text from pg_policy y where y.oid = d.objid)
    else (select r.ev_class::regclass::text from pg_rewrite r where r.oid = d.objid) end,
  array_agg(distinct l.attname::text order by l.attname::text)
from part p
join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = p.oid and d.refobjsubid > 0
  and d.classid in ('pg_rewrite'::regclass, 'pg_policy'::regclass)
join col l on l.attrelid = p.oid and l.attnum = d.refobjsubid
group by d.classid, d.objid, p.printed
order by 1, 2, 3
