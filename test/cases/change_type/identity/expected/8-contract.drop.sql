-- changeover revision 53044bc6a29d
-- parent              f27ccb9041cb
-- plan                identity
-- name                drop
-- change              change_type app.tickets.number to bigint
-- title               drop the old number
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.tickets ()
-- scope added         changeover_number
-- expects             table app.tickets 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type
-- irreversible        the old values are gone; change the type back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_689f6a62_2_sync_insert" on app.tickets;
drop trigger if exists "~~changeover_689f6a62_2_sync_update" on app.tickets;
drop trigger if exists "~~changeover_689f6a62_3_note" on app.tickets;
drop trigger if exists "~~changeover_689f6a62_1_old_insert" on app.tickets;
drop trigger if exists "~~changeover_689f6a62_1_old_update" on app.tickets;
drop function if exists changeover.sync_689f6a62();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_689f6a62(bigint, integer);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tickets drop column changeover_number;

-- step widen-identity
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter sequence app.tickets_number_seq minvalue 1 maxvalue 9223372036854775807;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.tickets alter column number set not null;

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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'identity';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'identity';

-- downgrade
