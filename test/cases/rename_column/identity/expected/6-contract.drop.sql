-- changeover revision cff273cebd49
-- parent              0dfeb5ee7041
-- plan                identity
-- name                drop
-- change              rename_column app.tickets.number to ticket
-- title               drop number; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.tickets (number)
-- scope added         ticket
-- expects             column number 9945d19a733d
-- expects             index tickets_number_idx 52cab8b52bce
-- expects             table app.tickets 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.tickets.number
-- deploy old          no: column number is gone
-- deploy new          yes: the change is complete
-- irreversible        column number was dropped; rename ticket back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_689f6a62_2_sync_insert" on app.tickets;
drop trigger if exists "~~changeover_689f6a62_2_sync_update" on app.tickets;
drop trigger if exists "~~changeover_689f6a62_1_old_update" on app.tickets;
drop trigger if exists "~~changeover_689f6a62_1_new_insert" on app.tickets;
drop trigger if exists "~~changeover_689f6a62_1_new_update" on app.tickets;
drop function if exists changeover.sync_689f6a62();

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.tickets alter column ticket set not null;

-- step move-identity: its sequence goes on from where it stands
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 400ms, statement 10s
--   work     catalog
do $$
declare
  stood record;
  given record;
begin
  lock table app.tickets in access exclusive mode;
  alter sequence app."Ticket's" cache 5;
  select s.last_value, s.is_called into stood from app."Ticket's" s;
  alter table app.tickets alter column number drop identity;
  alter table app.tickets alter column ticket add generated always as identity (sequence name app."Ticket's" start with 7 increment by 3 minvalue 4 maxvalue 90000 cache 5 cycle);
  for given in select distinct case g.grantee when 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) end as grantee from pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) g where c.oid = pg_catalog.to_regclass('app."Ticket''s"') and g.grantee <> c.relowner loop
    execute pg_catalog.format('revoke all on sequence %s from %s', 'app."Ticket''s"', given.grantee);
  end loop;
  comment on sequence app."Ticket's" is 'what''s next';
  grant select on sequence app."Ticket's" to public;
  grant update on sequence app."Ticket's" to pg_read_all_stats with grant option;
  grant usage on sequence app."Ticket's" to public;
  perform pg_catalog.setval('app."Ticket''s"', stood.last_value, stood.is_called);
end
$$;

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tickets drop column number;

-- step set-not-null-2: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.tickets alter column ticket set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.tickets drop constraint if exists changeover_tickets_number_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.tickets rename constraint changeover_tickets_number_not_null to tickets_number_not_null;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index app.changeover_tickets_number_idx rename to tickets_number_idx;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'identity';

-- downgrade
