-- changeover revision f11c0d792648
-- parent              none
-- plan                default-nullable
-- name                add-column
-- change              rename_column app.jobs.state to status
-- title               add column status, like state
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.jobs (state)
-- scope added         status
-- expects             column state a668473b94a3
-- expects             table app.jobs 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like state
--   lock     ACCESS EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.jobs add column status text collate pg_catalog."POSIX";

-- step column-attributes: storage, statistics, comment and grants as the old column's
--   lock     ACCESS EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.jobs alter column status set storage main;
alter table app.jobs alter column status set compression pglz;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.jobs drop column if exists status;
