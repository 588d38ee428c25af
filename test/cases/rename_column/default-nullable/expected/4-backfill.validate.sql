-- changeover revision 2164acca7f01
-- parent              defd6723592d
-- plan                default-nullable
-- name                validate
-- change              rename_column app.jobs.state to status
-- title               validate the constraints of status, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.jobs (state)
-- scope added         status
-- expects             column state a668473b94a3
-- expects             table app.jobs 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.jobs
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'jobs' and s.attname = 'status') or not exists (select from app.jobs)
analyze app.jobs (status);

-- downgrade
