-- changeover revision 780ab72224fb
-- parent              605eff4637b8
-- plan                statistics
-- name                validate
-- change              rename_column app.readings.sensor to probe
-- title               validate the constraints of probe, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.readings (sensor)
-- scope added         probe
-- expects             column sensor cd2b9d5895ba
-- expects             statistics "\"Stats\".\"Of readings\"" ed5264ac4872
-- expects             statistics app.readings_all fc234c61469d
-- expects             statistics app.readings_one cdcc56ddbeb7
-- expects             table app.readings 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

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
create statistics "Stats"."changeover_Of readings" (ndistinct, mcv) on place, probe, ((probe + place)) from app.readings;

-- step create-readings-all
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace where n.nspname = 'app' and s.stxname = 'changeover_readings_all' and true)
create statistics app.changeover_readings_all (ndistinct, dependencies, mcv) on place, probe from app.readings;

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
create statistics app.changeover_readings_one on ((probe * 2)) from app.readings;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.readings
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'readings' and s.attname = 'probe') or not exists (select from app.readings)
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
