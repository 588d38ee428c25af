-- PostgreSQL 14: no column lists, row filters or schemas. One row a publication, by name.
-- $1 oid: the relation
with family as (
  select $1::oid as relid
  union select a.relid from pg_partition_ancestors($1::oid) a
  union select t.relid from pg_partition_tree($1::oid) t
)
select p.pubname::text as "name", p.puballtables as "allTables", null::text[] as "columns", '{}'::text[] as "filterColumns"
from pg_publication p
cross join pg_class c
where c.oid = $1::oid and (
  (p.puballtables and c.relkind in ('r', 'p') and c.relpersistence = 'p')
  or exists (select from pg_publication_rel r join family f on f.relid = r.prrelid where r.prpubid = p.oid)
)
order by p.pubname
