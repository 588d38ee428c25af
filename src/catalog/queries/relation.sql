-- One row, also for a missing relation: who asks, what names are taken, and the relation's own facts.
-- $1 text: schema
-- $2 text: name
select
  current_setting('server_version_num')::int as "serverVersion",
  (select s.setting::int from pg_settings s where s.name = 'deadlock_timeout') as "deadlockTimeoutMs",
  current_user::text as "roleName",
  r.rolsuper as "superuser",
  r.rolsuper or r.rolbypassrls as "bypassesRowSecurity",
  has_database_privilege(current_database(), 'CREATE') as "canCreateSchema",
  -- Ownership is exercised through inherited membership; mere SET ROLE membership is not enough to run DDL.
  coalesce(pg_has_role(c.relowner, 'USAGE'), false) as "ownsTable",
  array(
    select k.relname::text from pg_class k
    where k.relnamespace = n.oid and not starts_with(k.relname::text, 'changeover_')
    union
    select k.conname::text from pg_constraint k
    where k.conrelid = c.oid and not starts_with(k.conname::text, 'changeover_')
  ) as "takenNames",
  c.oid::int8 as "oid",
  n.nspname::text as "schema",
  c.relname::text as "name",
  c.relkind::text as "relkind",
  case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' else 'permanent' end as "persistence",
  m.amname::text as "accessMethod",
  pg_get_userbyid(c.relowner)::text as "owner",
  obj_description(c.oid, 'pg_class') as "comment",
  c.relispartition as "isPartition",
  case c.relkind when 'p' then pg_get_partkeydef(c.oid) end as "partitionKey",
  c.reloftype <> 0 as "ofType",
  c.relrowsecurity as "rowSecurity",
  c.relforcerowsecurity as "rowSecurityForced",
  json_build_object(
    'kind', case c.relreplident when 'n' then 'nothing' when 'f' then 'full' when 'i' then 'index' else 'default' end,
    'index', (
      select x.relname from pg_index i join pg_class x on x.oid = i.indexrelid
      where i.indrelid = c.oid and i.indisreplident
    )
  ) as "replicaIdentity",
  (
    select coalesce(json_agg(json_build_object('schema', pn.nspname, 'name', p.relname) order by h.inhseqno), '[]')
    from pg_inherits h join pg_class p on p.oid = h.inhparent join pg_namespace pn on pn.oid = p.relnamespace
    where h.inhrelid = c.oid and not c.relispartition
  ) as "inheritsFrom",
  (
    select coalesce(json_agg(json_build_object('schema', pn.nspname, 'name', p.relname) order by pn.nspname, p.relname), '[]')
    from pg_inherits h join pg_class p on p.oid = h.inhrelid join pg_namespace pn on pn.oid = p.relnamespace
    where h.inhparent = c.oid and c.relkind <> 'p'
  ) as "inheritedBy"
from pg_roles r
left join pg_namespace n on n.nspname = $1
left join pg_class c on c.relnamespace = n.oid and c.relname = $2
left join pg_am m on m.oid = c.relam
where r.rolname = current_user
