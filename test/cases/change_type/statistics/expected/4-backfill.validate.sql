-- changeover revision 7abb3070f830
-- parent              e546f2a98be2
-- plan                statistics
-- name                validate
-- change              change_type app.readings.sensor to bigint
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.readings (sensor)
-- scope added         changeover_sensor
-- expects             column sensor cd2b9d5895ba
-- expects             statistics "\"Stats\".\"Of readings\"" ed5264ac4872
-- expects             statistics app.readings_all fc234c61469d
-- expects             statistics app.readings_one cdcc56ddbeb7
-- expects             table app.readings 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step validate-changeover-readings-sensor-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.readings') and c.conname = 'changeover_readings_sensor_not_null' and c.convalidated)
alter table app.readings validate constraint changeover_readings_sensor_not_null;

-- step create-of-readings
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace where n.nspname = 'Stats' and s.stxname = 'changeover_Of readings' and true)
create statistics "Stats"."changeover_Of readings" (ndistinct, mcv) on place, changeover_sensor, ((changeover_sensor + place)) from app.readings;

-- step create-readings-all
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace where n.nspname = 'app' and s.stxname = 'changeover_readings_all' and true)
create statistics app.changeover_readings_all (ndistinct, dependencies, mcv) on place, changeover_sensor from app.readings;

-- step target-readings-all
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace where n.nspname = 'app' and s.stxname = 'changeover_readings_all' and s.stxstattarget = 50)
alter statistics app.changeover_readings_all set statistics 50;

-- step create-readings-one
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace where n.nspname = 'app' and s.stxname = 'changeover_readings_one' and true)
create statistics app.changeover_readings_one on ((changeover_sensor * 2)) from app.readings;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'readings' and s.attname = 'changeover_sensor') or not exists (select from app.readings)
analyze app.readings;

-- downgrade

-- step drop-of-readings
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not (select exists (select from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace where n.nspname = 'Stats' and s.stxname = 'changeover_Of readings' and true))
drop statistics if exists "Stats"."changeover_Of readings";

-- step drop-readings-all
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not (select exists (select from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace where n.nspname = 'app' and s.stxname = 'changeover_readings_all' and true))
drop statistics if exists app.changeover_readings_all;

-- step drop-readings-one
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not (select exists (select from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace where n.nspname = 'app' and s.stxname = 'changeover_readings_one' and true))
drop statistics if exists app.changeover_readings_one;
