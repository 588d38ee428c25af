-- One row a constraint, by name.
-- $1 oid: the relation
--
-- `columns`: for CHECK, conkey holds every column that the expression reads, and 0 for a whole-row reference, which
-- counts as all. For keys and exclusions the key columns in order, then what the index mentions besides (INCLUDE,
-- expressions, predicate), by pg_depend.
with live as (
  select a.attnum, a.attname from pg_attribute a
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
)
select
  k.conname::text as "name",
  case k.contype
    when 'c' then 'check' when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key'
    when 'x' then 'exclusion' when 'n' then 'not null' when 't' then 'trigger' else 'other'
  end as "kind",
  k.convalidated as "validated",
  -- Columns of PostgreSQL 18.
  coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) as "enforced",
  k.condeferrable as "deferrable",
  k.condeferred as "deferred",
  k.connoinherit as "noInherit",
  obj_description(k.oid, 'pg_constraint') as "comment",
  array(
    select l.attname::text from live l
    where l.attnum = any (k.conkey)
      or (k.contype = 'c' and 0 = any (k.conkey))
      or (k.contype in ('p', 'u', 'x') and (
        l.attnum = any (i.indkey)
        or coalesce(i.indexprs::text, '') || coalesce(i.indpred::text, '') like '%:varattno 0 %'
        or l.attnum in (
          select e.refobjsubid from pg_depend e
          where e.classid = 'pg_class'::regclass and e.objid = i.indexrelid
            and e.refclassid = 'pg_class'::regclass and e.refobjid = $1::oid
        )
      ))
    order by case when k.contype <> 'c' then array_position(k.conkey, l.attnum) end nulls last, l.attnum
  ) as "columns",
  case k.contype when 'c' then pg_get_expr(k.conbin, k.conrelid) end as "expression",
  case when k.contype in ('p', 'u', 'x') then x.relname::text end as "index",
  case k.contype when 'f' then json_build_object(
    'table', json_build_object('schema', fn.nspname, 'name', f.relname),
    'columns', array(
      select a.attname from unnest(k.confkey) with ordinality as key (attnum, n)
      join pg_attribute a on a.attrelid = k.confrelid and a.attnum = key.attnum
      order by key.n
    ),
    'onUpdate', case k.confupdtype when 'r' then 'RESTRICT' when 'c' then 'CASCADE' when 'n' then 'SET NULL' when 'd' then 'SET DEFAULT' else 'NO ACTION' end,
    'onDelete', case k.confdeltype when 'r' then 'RESTRICT' when 'c' then 'CASCADE' when 'n' then 'SET NULL' when 'd' then 'SET DEFAULT' else 'NO ACTION' end,
    -- A column of PostgreSQL 15 and later.
    'onDeleteColumns', array(
      select l.attname from live l
      where to_jsonb(k) -> 'confdelsetcols' @> to_jsonb(l.attnum::int)
      order by l.attnum
    ),
    'match', case k.confmatchtype when 'f' then 'FULL' when 'p' then 'PARTIAL' else 'SIMPLE' end
  ) end as "foreign",
  coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) as "temporal",
  pg_get_constraintdef(k.oid) as "definition"
from pg_constraint k
left join pg_index i on i.indexrelid = k.conindid
left join pg_class x on x.oid = k.conindid
left join pg_class f on f.oid = k.confrelid
left join pg_namespace fn on fn.oid = f.relnamespace
where k.conrelid = $1::oid
  -- A foreign key to a partitioned table has a further row for each partition of that.
  and not exists (select from pg_constraint p where p.oid = k.conparentid and p.conrelid = k.conrelid)
order by k.conname
