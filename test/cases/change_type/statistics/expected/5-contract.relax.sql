-- changeover revision a719af59c8cc
-- parent              7abb3070f830
-- plan                statistics
-- name                relax
-- change              change_type app.readings.sensor to bigint
-- title               let the old type of sensor go from its constraints; their twins stand
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               app.readings (sensor)
-- scope added         changeover_sensor
-- expects             column sensor cd2b9d5895ba
-- expects             statistics "\"Stats\".\"Of readings\"" ed5264ac4872
-- expects             statistics app.readings_all fc234c61469d
-- expects             statistics app.readings_one cdcc56ddbeb7
-- expects             table app.readings 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step drop-not-null
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select attnotnull = false from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('app.readings') and attname = 'sensor'
alter table app.readings alter column sensor drop not null;

-- downgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.readings') and c.conname = 'changeover_sensor_given')
alter table app.readings add constraint changeover_sensor_given check (sensor is not null) not valid;

-- step validate-changeover-sensor-given
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock none, statement none
--   work     scan
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.readings') and c.conname = 'changeover_sensor_given' and c.convalidated)
alter table app.readings validate constraint changeover_sensor_given;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select attnotnull = true from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('app.readings') and attname = 'sensor'
alter table app.readings alter column sensor set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.readings') and c.conname = 'changeover_sensor_given')
alter table app.readings drop constraint if exists changeover_sensor_given;

-- step add-not-null
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.readings') and c.conname = 'readings_sensor_not_null')
alter table app.readings add constraint readings_sensor_not_null not null sensor not valid;

-- step validate-readings-sensor-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock none, statement none
--   work     scan
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.readings') and c.conname = 'readings_sensor_not_null' and c.convalidated)
alter table app.readings validate constraint readings_sensor_not_null;
