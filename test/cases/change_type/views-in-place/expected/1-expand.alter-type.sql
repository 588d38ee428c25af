-- changeover revision 511f845ded3c
-- parent              none
-- plan                views-in-place
-- name                alter-type
-- change              change_type app.notes.body to text
-- title               make body text; the catalog alone changes
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.notes (body)
-- expects             column body 5100a4a23815
-- expects             table app.notes 85728e9fabe4
-- expects             view app.short 657ce4d95715
-- expects             view app.shorter b6791c2052b7
-- deploy old          yes: the values stay as they are
-- deploy new          yes: the values stay as they are
-- irreversible        back to character varying(20) every row would have to be looked at under a lock that stops everybody: plan that as a change of its own

-- upgrade

-- step drop-views: made again in this transaction, from the same text
--   lock     ACCESS EXCLUSIVE on app.shorter
--   lock     ACCESS EXCLUSIVE on app.short
--   timeout  lock 400ms, statement 10s
--   work     catalog
drop view app.shorter;
drop view app.short;

-- step alter-type: no rewrite, no scan: the values are stored alike
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.notes alter column body type text;

-- step create-views: over the column that has the name now
--   timeout  lock 2s, statement 10s
--   work     catalog
create view app.short with (security_barrier = 'true') as
SELECT notes.id,
    notes.body,
    upper((notes.body)::text) AS loud,
    ('it''s
-- step '::text || (notes.body)::text) AS marked
   FROM app.notes
  WHERE (length((notes.body)::text) < 10);
create view app.shorter as
SELECT short.body
   FROM app.short;

-- step own-views: privileges begin at none, whatever default privileges have given
--   timeout  lock 2s, statement 10s
--   work     catalog
do $$
declare
  given record;
begin
  for given in
    select c.oid::pg_catalog.regclass as name,
           case a.grantee when 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end as grantee
      from pg_catalog.pg_class c, pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) a
     where c.oid in (pg_catalog.to_regclass('app.short'), pg_catalog.to_regclass('app.shorter'))
     group by c.oid, a.grantee
  loop
    execute pg_catalog.format('revoke all on %s from %s', given.name, given.grantee);
  end loop;
end
$$;

-- step describe-views: their owners, grants, comments and defaults
--   timeout  lock 2s, statement 10s
--   work     catalog
alter view app.short owner to views_owner;
grant all on app.short to views_owner;
grant select on app.short to case_owner;
comment on column app.short.body is 'what it says';
alter view app.shorter owner to case_owner;
grant all on app.shorter to case_owner;

-- downgrade
