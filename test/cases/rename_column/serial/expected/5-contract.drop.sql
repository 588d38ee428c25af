-- changeover revision 83da0c5ff4aa
-- parent              3707688ade8b
-- plan                serial
-- name                drop
-- change              rename_column app.tickets.number to ticket
-- title               drop number; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.tickets (number)
-- scope added         ticket
-- expects             column number 4fe7cb0a284f
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
drop trigger if exists "~~changeover_0144b1de_2_sync_insert" on app.tickets;
drop trigger if exists "~~changeover_0144b1de_2_sync_update" on app.tickets;
drop trigger if exists "~~changeover_0144b1de_1_old_insert" on app.tickets;
drop trigger if exists "~~changeover_0144b1de_1_old_update" on app.tickets;
drop trigger if exists "~~changeover_0144b1de_1_new_insert" on app.tickets;
drop trigger if exists "~~changeover_0144b1de_1_new_update" on app.tickets;
drop function if exists changeover.sync_0144b1de();

-- step own-sequences
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter sequence app.spare owned by app.tickets.ticket;
alter sequence app.tickets_number_seq owned by app.tickets.ticket;

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tickets drop column number;

-- step set-not-null: no scan: the validated check is the proof
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
alter table app.tickets alter column ticket set default nextval('app.tickets_number_seq'::regclass);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'serial';

-- downgrade
