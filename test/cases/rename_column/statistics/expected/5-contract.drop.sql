-- changeover revision 28fc039edf7e
-- parent              780ab72224fb
-- plan                statistics
-- name                drop
-- change              rename_column app.readings.sensor to probe
-- title               drop sensor; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.readings (sensor)
-- scope added         probe
-- expects             column sensor cd2b9d5895ba
-- expects             statistics "\"Stats\".\"Of readings\"" ed5264ac4872
-- expects             statistics app.readings_all fc234c61469d
-- expects             statistics app.readings_one cdcc56ddbeb7
-- expects             table app.readings 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.readings.sensor
-- deploy old          no: column sensor is gone
-- deploy new          yes: the change is complete
-- irreversible        column sensor was dropped; rename probe back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_49d48431_2_sync_insert" on app.readings;
drop trigger if exists "~~changeover_49d48431_2_sync_update" on app.readings;
drop trigger if exists "~~changeover_49d48431_1_old_insert" on app.readings;
drop trigger if exists "~~changeover_49d48431_1_old_update" on app.readings;
drop trigger if exists "~~changeover_49d48431_1_new_insert" on app.readings;
drop trigger if exists "~~changeover_49d48431_1_new_update" on app.readings;
drop function if exists changeover.sync_49d48431();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings drop column sensor;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.readings alter column probe set not null;

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

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter statistics "Stats"."changeover_Of readings" rename to "Of readings";
alter statistics app.changeover_readings_all rename to readings_all;
comment on statistics app.readings_all is 'they go together';
alter statistics app.changeover_readings_one rename to readings_one;
alter table app.readings alter column probe set default 1;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'statistics';

-- downgrade
