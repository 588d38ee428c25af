-- changeover revision edbf3b2dfe3e
-- parent              cdd9be1fecf8
-- plan                statistics
-- name                drop
-- change              change_type app.readings.sensor to bigint
-- title               drop the old sensor
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.readings ()
-- scope added         changeover_sensor
-- expects             table app.readings 85728e9fabe4
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
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_49d48431_2_sync_insert" on app.readings;
drop trigger if exists "~~changeover_49d48431_2_sync_update" on app.readings;
drop trigger if exists "~~changeover_49d48431_3_note" on app.readings;
drop trigger if exists "~~changeover_49d48431_1_old_insert" on app.readings;
drop trigger if exists "~~changeover_49d48431_1_old_update" on app.readings;
drop function if exists changeover.sync_49d48431();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_49d48431(bigint, integer);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings drop column changeover_sensor;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.readings alter column sensor set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.readings drop constraint if exists changeover_readings_sensor_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.readings rename constraint changeover_readings_sensor_not_null to readings_sensor_not_null;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'statistics';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'statistics';

-- downgrade
