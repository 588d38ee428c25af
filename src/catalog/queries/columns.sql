-- One row a live column, in order.
-- $1 oid: the relation
with recursive live as (
  select a.attnum, a.attname, a.atttypid, a.atttypmod, a.attcollation, a.attnotnull, a.attidentity, a.attgenerated,
    a.attstattarget, a.attstorage, a.attcompression, a.attoptions, a.attacl,
    row_number() over (order by a.attnum) as position
  from pg_attribute a
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
), part (attnum, typid, collid) as (
  -- The column's type taken apart: domains, arrays, composites, ranges and multiranges down to plain types.
  select l.attnum, l.atttypid, l.attcollation from live l
  union
  select p.attnum, inner_part.typid, inner_part.collid
  from part p
  join pg_type t on t.oid = p.typid
  cross join lateral (
    select t.typbasetype, p.collid where t.typtype = 'd'
    union all
    select t.typelem, p.collid where t.typtype = 'b' and t.typcategory = 'A' and t.typelem <> 0
    union all
    select a.atttypid, a.attcollation from pg_attribute a
    where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
    union all
    select r.rngsubtype, r.rngcollation from pg_range r where t.typtype = 'r' and r.rngtypid = t.oid
    union all
    select r.rngtypid, 0::oid from pg_range r where t.typtype = 'm' and r.rngmultitypid = t.oid
  ) as inner_part (typid, collid)
), image as (
  -- Only types of which it is known that equal values are identical ones; every other answers false (numeric, floats,
  -- interval, character(n), json, jsonb for the numerics in it, types of extensions, …).
  select p.attnum, bool_and(
    case
      when t.typtype = 'r' then exists (
        select from pg_range r join pg_opclass o on o.oid = r.rngsubopc where r.rngtypid = t.oid and o.opcdefault
      )
      when t.typtype in ('d', 'c', 'm', 'e') then true
      when t.typtype = 'b' and t.typcategory = 'A' then true
      else t.typtype = 'b' and t.typnamespace = 'pg_catalog'::regnamespace and t.typname in (
        'bool', 'bytea', 'char', 'name', 'int2', 'int4', 'int8', 'text', 'varchar', 'oid', 'tid', 'xid', 'xid8', 'date',
        'time', 'timetz', 'timestamp', 'timestamptz', 'uuid', 'macaddr', 'macaddr8', 'inet', 'cidr', 'bit', 'varbit',
        'money', 'pg_lsn'
      )
    end and coalesce(o.collisdeterministic, true)
  ) as equality
  from part p
  join pg_type t on t.oid = p.typid
  left join pg_collation o on o.oid = p.collid
  group by p.attnum
), chain (attnum, typid) as (
  select l.attnum, l.atttypid from live l
  union
  select b.attnum, t.typbasetype from chain b join pg_type t on t.oid = b.typid where t.typtype = 'd'
)
select
  a.attname::text as "name",
  a.position::int as "position",
  format_type(a.atttypid, a.atttypmod) as "type",
  (
    -- -1 rather than NULL: "bit" and bpchar, which are of any length, and not bit and character, which are of one.
    select format_type(b.typid, -1) from chain b join pg_type c on c.oid = b.typid
    where b.attnum = a.attnum and c.typtype <> 'd'
  ) as "inputType",
  -- A domain over a composite type is one: IS NULL looks into it all the same.
  case case when exists (
    select from chain b join pg_type c on c.oid = b.typid where b.attnum = a.attnum and c.typtype = 'c'
  ) then 'c' else t.typtype end
    when 'b' then 'base' when 'd' then 'domain' when 'e' then 'enum' when 'c' then 'composite' when 'r' then 'range'
    else 'other'
  end as "typeKind",
  exists (
    select from chain b join pg_type d on d.oid = b.typid
    where b.attnum = a.attnum and d.typtype = 'd' and (
      d.typnotnull or d.typdefault is not null or exists (select from pg_constraint k where k.contypid = d.oid)
    )
  ) as "domainConstrained",
  (
    select quote_ident(cn.nspname) || '.' || quote_ident(o.collname)
    from pg_collation o join pg_namespace cn on cn.oid = o.collnamespace
    where o.oid = a.attcollation and a.attcollation <> t.typcollation
  ) as "collation",
  i.equality as "equalityIsImage",
  a.attnotnull as "notNull",
  (
    select json_build_object('name', k.conname, 'validated', k.convalidated, 'noInherit', k.connoinherit)
    from pg_constraint k
    where k.conrelid = $1::oid and k.contype = 'n' and k.conkey = array[a.attnum]
  ) as "notNullConstraint",
  pg_get_expr(d.adbin, d.adrelid) as "default",
  case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as "identity",
  case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end as "generated",
  array(
    -- Up to 14 the column itself depends on what its expression reads, from 15 on its pg_attrdef row does.
    select f.attname::text from live f
    where a.attgenerated <> '' and f.attnum <> a.attnum and f.attnum in (
      select e.refobjsubid from pg_depend e
      where e.refclassid = 'pg_class'::regclass and e.refobjid = $1::oid and (
        (e.classid = 'pg_class'::regclass and e.objid = $1::oid and e.objsubid = a.attnum)
        or (e.classid = 'pg_attrdef'::regclass and e.objid = d.oid)
      )
    )
    order by f.attnum
  ) as "generatedFrom",
  (
    select coalesce(json_agg(json_build_object('schema', sn.nspname, 'name', s.relname) order by sn.nspname, s.relname), '[]')
    from pg_depend e
    join pg_class s on s.oid = e.objid and s.relkind = 'S'
    join pg_namespace sn on sn.oid = s.relnamespace
    where e.classid = 'pg_class'::regclass and e.deptype = 'a'
      and e.refclassid = 'pg_class'::regclass and e.refobjid = $1::oid and e.refobjsubid = a.attnum
  ) as "ownedSequences",
  col_description($1::oid, a.attnum) as "comment",
  nullif(a.attstattarget, -1)::int as "statisticsTarget",
  case when a.attstorage <> t.typstorage then
    case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' when 'm' then 'main' end
  end as "storage",
  case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as "compression",
  coalesce(a.attoptions, '{}') as "options",
  (
    select coalesce(json_agg(json_build_object(
      'grantee', case g.grantee when 0 then null else pg_get_userbyid(g.grantee) end,
      'grantor', pg_get_userbyid(g.grantor), 'privilege', g.privilege_type, 'grantable', g.is_grantable
    ) order by g.privilege_type, pg_get_userbyid(g.grantee), pg_get_userbyid(g.grantor)), '[]')
    from aclexplode(a.attacl) g
  ) as "grants",
  (
    select count(*)::int from pg_seclabel s
    where s.classoid = 'pg_class'::regclass and s.objoid = $1::oid and s.objsubid = a.attnum
  ) as "securityLabels"
from live a
join pg_type t on t.oid = a.atttypid
join image i on i.attnum = a.attnum
left join pg_attrdef d on d.adrelid = $1::oid and d.adnum = a.attnum
order by a.attnum
