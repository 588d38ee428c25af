-- changeover revision 3bad2fde2ebd
-- parent              2164acca7f01
-- plan                default-nullable
-- name                drop
-- change              rename_column app.jobs.state to status
-- title               drop state; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.jobs (state)
-- scope added         status
-- expects             column state a668473b94a3
-- expects             table app.jobs 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.jobs.state
-- deploy old          no: column state is gone
-- deploy new          yes: the change is complete
-- irreversible        column state was dropped; rename status back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_a3416ad7_2_sync_insert" on app.jobs;
drop trigger if exists "~~changeover_a3416ad7_2_sync_update" on app.jobs;
drop trigger if exists "~~changeover_a3416ad7_1_old_insert" on app.jobs;
drop trigger if exists "~~changeover_a3416ad7_1_old_update" on app.jobs;
drop trigger if exists "~~changeover_a3416ad7_1_new_insert" on app.jobs;
drop trigger if exists "~~changeover_a3416ad7_1_new_update" on app.jobs;
drop function if exists changeover.sync_a3416ad7();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.jobs drop column state;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.jobs alter column status set default 'it''s new'::text;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'default-nullable';

-- downgrade
