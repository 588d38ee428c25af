-- One row an identity column: its sequence, with what of it must be made again when the identity moves.
-- $1 oid: the relation
select
  a.attname::text as "column",
  sn.nspname::text as "schema",
  s.relname::text as "name",
  format_type(q.seqtypid, null) as "type",
  q.seqstart::text as "start",
  q.seqincrement::text as "increment",
  q.seqmin::text as "min",
  q.seqmax::text as "max",
  q.seqcache::text as "cache",
  q.seqcycle as "cycle",
  -- From 15 on ADD GENERATED gives it its table's; before, every one is logged.
  case when current_setting('server_version_num')::int >= 150000 and s.relpersistence <> c.relpersistence then
    case s.relpersistence when 'u' then 'unlogged' else 'logged' end
  end as "persistence",
  obj_description(s.oid, 'pg_class') as "comment",
  (
    select coalesce(json_agg(json_build_object(
      'grantee', case g.grantee when 0 then null else pg_get_userbyid(g.grantee) end,
      'grantor', pg_get_userbyid(g.grantor), 'privilege', g.privilege_type, 'grantable', g.is_grantable
    ) order by g.privilege_type, pg_get_userbyid(g.grantee), pg_get_userbyid(g.grantor)), '[]')
    from aclexplode(s.relacl) g
    where g.grantee <> s.relowner
  ) as "grants",
  (
    select count(*)::int from pg_seclabel l where l.classoid = 'pg_class'::regclass and l.objoid = s.oid
  ) as "securityLabels",
  array(
    select i.type || ' ' || i.identity
    from pg_depend e, pg_identify_object(e.classid, e.objid, e.objsubid) i
    where e.refclassid = 'pg_class'::regclass and e.refobjid = s.oid
    order by 1
  ) as "dependents"
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid = a.attnum
  and d.classid = 'pg_class'::regclass and d.deptype = 'i'
join pg_class s on s.oid = d.objid and s.relkind = 'S'
join pg_sequence q on q.seqrelid = s.oid
join pg_namespace sn on sn.oid = s.relnamespace
where a.attrelid = $1::oid and a.attidentity <> '' and not a.attisdropped
order by a.attnum
