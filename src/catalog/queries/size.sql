-- Estimates, as the planner makes them: the last known density (or one guessed from the column types, where the table
-- was never analyzed) times the pages that are there now. A partitioned table is the sum of its leaves.
-- $1 oid: the relation
with leaf as (
  select c.oid, c.reltuples, c.relpages, coalesce(pg_relation_size(c.oid), 0) as bytes,
    current_setting('block_size')::int as block
  from pg_class c
  where c.relkind in ('r', 'm')
    and c.oid in (select $1::oid union all select t.relid from pg_partition_tree($1::oid) t where t.isleaf)
), guess as (
  -- 24 bytes of page header; 28 of tuple header and line pointer; 32 for a value of variable length.
  select 28 + coalesce(sum(case when a.attlen > 0 then a.attlen else 32 end), 0) as width
  from pg_attribute a where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
)
select
  coalesce(round(sum(
    l.bytes / l.block * case when l.reltuples > 0 and l.relpages > 0 then l.reltuples / l.relpages else (l.block - 24)::float8 / g.width end
  )), 0)::int8 as "rows",
  coalesce(sum(l.bytes / l.block), 0)::int8 as "pages",
  coalesce(sum(l.bytes), 0)::int8 as "heapBytes",
  coalesce(sum(pg_indexes_size(l.oid)), 0)::int8 as "indexBytes"
from leaf l cross join guess g
