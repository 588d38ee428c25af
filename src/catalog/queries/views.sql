-- One row a view (materialized ones too) that reads the relation, or another one of these: the whole tree above it.
-- $1 oid: the relation
with recursive reads (over, reader) as (
  select distinct d.refobjid, c.oid
  from pg_depend d
  join pg_rewrite r on r.oid = d.objid
  join pg_class c on c.oid = r.ev_class and c.relkind in ('v', 'm')
  where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid <> c.oid
), tree (oid) as (
  select e.reader from reads e where e.over = $1::oid
  union
  select e.reader from tree t join reads e on e.over = t.oid
), part (view, classid, objid) as (
  -- Not of materialized ones: their TOAST tables and indexes would be told, and they are carried by nobody.
  select c.oid, p.classid, p.objid
  from tree t
  join pg_class c on c.oid = t.oid and c.relkind = 'v'
  join pg_type y on y.oid = c.reltype
  cross join lateral (
    values ('pg_class'::regclass, c.oid), ('pg_type'::regclass, y.oid), ('pg_type'::regclass, y.typarray)
  ) as p (classid, objid)
), holder (view, object) as (
  -- What would stand in the way of a DROP: not its own rule, row type, defaults and triggers, nor the views over it.
  select distinct p.view, pg_describe_object(d.classid, d.objid, 0)
  from part p
  join pg_depend d on d.refclassid = p.classid and d.refobjid = p.objid
  left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
  left join pg_attrdef f on d.classid = 'pg_attrdef'::regclass and f.oid = d.objid
  where d.classid <> 'pg_trigger'::regclass
    and f.adrelid is distinct from p.view and r.ev_class is distinct from p.view
    and not exists (select from part own where own.view = p.view and own.classid = d.classid and own.objid = d.objid)
    and not (p.classid = 'pg_class'::regclass and r.rulename is not distinct from '_RETURN'
      and r.ev_class in (select t.oid from tree t))
)
select
  n.nspname::text as "schema",
  c.relname::text as "name",
  case c.relkind when 'v' then 'view' else 'materialized view' end as "kind",
  pg_get_viewdef(c.oid) as "definition",
  pg_get_userbyid(c.relowner)::text as "owner",
  coalesce(c.reloptions, '{}') as "options",
  obj_description(c.oid, 'pg_class') as "comment",
  c.relpersistence = 't' as "temporary",
  (
    select x.extname::text from pg_depend d join pg_extension x on x.oid = d.refobjid
    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
      and d.refclassid = 'pg_extension'::regclass
  ) as "extension",
  exists (select from pg_seclabel s where s.classoid = 'pg_class'::regclass and s.objoid = c.oid) as "labelled",
  array(
    select r.rulename::text from pg_rewrite r where r.ev_class = c.oid and r.rulename <> '_RETURN' order by 1
  ) as "rules",
  array(select g.tgname::text from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal order by 1) as "triggers",
  (
    select coalesce(json_agg(json_build_object('schema', on_.nspname, 'name', o.relname) order by on_.nspname, o.relname), '[]')
    from reads e join tree t on t.oid = e.over
    join pg_class o on o.oid = e.over join pg_namespace on_ on on_.oid = o.relnamespace
    where e.reader = c.oid
  ) as "over",
  array(select h.object from holder h where h.view = c.oid order by 1) as "dependents",
  pg_has_role(c.relowner, 'USAGE') and has_schema_privilege(n.oid, 'CREATE') as "replaceable",
  -- Given away again, which takes SET ROLE, and a place where its owner may make things.
  case when current_setting('server_version_num')::int >= 160000
    then pg_has_role(c.relowner, 'SET') else pg_has_role(c.relowner, 'MEMBER')
  end and has_schema_privilege(c.relowner, n.oid, 'CREATE') as "givable",
  array(select g.privilege_type from aclexplode(acldefault('r', c.relowner)) g order by 1) as "privileges",
  array(
    select g.privilege_type from aclexplode(acldefault('r', c.relowner)) g
    except
    select g.privilege_type from aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) g where g.grantee = c.relowner
    order by 1
  ) as "ownerLacks",
  (
    select coalesce(json_agg(json_build_object(
      'grantee', case g.grantee when 0 then null else pg_get_userbyid(g.grantee) end,
      'grantor', pg_get_userbyid(g.grantor), 'privilege', g.privilege_type, 'grantable', g.is_grantable
    ) order by g.privilege_type, pg_get_userbyid(g.grantee), pg_get_userbyid(g.grantor)), '[]')
    from aclexplode(c.relacl) g where g.grantee <> c.relowner
  ) as "grants",
  (
    select json_agg(json_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'collation', (select quote_ident(ln.nspname) || '.' || quote_ident(l.collname) from pg_collation l
        join pg_namespace ln on ln.oid = l.collnamespace where l.oid = a.attcollation),
      'default', (select pg_get_expr(f.adbin, f.adrelid) from pg_attrdef f where f.adrelid = c.oid and f.adnum = a.attnum),
      'comment', col_description(c.oid, a.attnum),
      'grants', (
        select coalesce(json_agg(json_build_object(
          'grantee', case g.grantee when 0 then null else pg_get_userbyid(g.grantee) end,
          'grantor', pg_get_userbyid(g.grantor), 'privilege', g.privilege_type, 'grantable', g.is_grantable
        ) order by g.privilege_type, pg_get_userbyid(g.grantee), pg_get_userbyid(g.grantor)), '[]')
        from aclexplode(a.attacl) g
      )
    ) order by a.attnum)
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  ) as "outputs"
from tree t
join pg_class c on c.oid = t.oid
join pg_namespace n on n.oid = c.relnamespace
order by n.nspname, c.relname
