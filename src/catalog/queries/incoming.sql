-- One row a foreign key (of this or another table) that references the relation.
-- $1 oid: the relation
select
  k.conname::text as "name",
  json_build_object('schema', n.nspname, 'name', c.relname) as "from",
  array(
    select a.attname::text from unnest(k.conkey) with ordinality as key (attnum, n)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = key.attnum
    order by key.n
  ) as "fromColumns",
  array(
    select a.attname::text from unnest(k.confkey) with ordinality as key (attnum, n)
    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = key.attnum
    order by key.n
  ) as "columns"
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
where k.contype = 'f' and k.confrelid = $1::oid
  -- A foreign key of a partitioned table has a further row for each of its partitions.
  and not exists (select from pg_constraint p where p.oid = k.conparentid and p.confrelid = k.confrelid)
order by n.nspname, c.relname, k.conname
