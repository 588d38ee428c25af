-- PostgreSQL 15 and later. One row a publication that has the relation (or its partitions, or what it is a partition
-- of): by name, by schema, or with all tables.
-- $1 oid: the relation
-- Columns of a row filter are read from its tree: pg_depend does not tell them from those of the column list.
with family as (
  select $1::oid as relid
  union select a.relid from pg_partition_ancestors($1::oid) a
  union select t.relid from pg_partition_tree($1::oid) t
), member as (
  select r.prpubid, r.prrelid, r.prattrs, r.prqual::text as filter
  from pg_publication_rel r join family f on f.relid = r.prrelid
)
select
  p.pubname::text as "name",
  p.puballtables as "allTables",
  case when not p.puballtables
    and exists (select from member m where m.prpubid = p.oid)
    and not exists (select from member m where m.prpubid = p.oid and m.prattrs is null)
  then array(
    select distinct a.attname::text from member m
    join pg_attribute a on a.attrelid = m.prrelid and a.attnum = any (m.prattrs)
    where m.prpubid = p.oid
    order by 1
  ) end as "columns",
  array(
    select distinct a.attname::text from member m
    cross join regexp_matches(m.filter, ':varattno (\d+)', 'g') as var (number)
    join pg_attribute a on a.attrelid = m.prrelid and a.attnum > 0 and not a.attisdropped
      and var.number[1]::int in (0, a.attnum)
    where m.prpubid = p.oid
    order by 1
  ) as "filterColumns"
from pg_publication p
cross join pg_class c
where c.oid = $1::oid and (
  (p.puballtables and c.relkind in ('r', 'p') and c.relpersistence = 'p')
  or exists (select from member m where m.prpubid = p.oid)
  or exists (
    select from pg_publication_namespace s
    join pg_class k on k.relnamespace = s.pnnspid and k.relkind in ('r', 'p') and k.relpersistence = 'p'
    join family f on f.relid = k.oid
    where s.pnpubid = p.oid
  )
)
order by p.pubname
