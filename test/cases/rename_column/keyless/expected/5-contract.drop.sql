-- changeover revision bd96bebdbc83
-- parent              6e26cdae3dd7
-- plan                keyless
-- name                drop
-- change              rename_column public.log.message to line
-- title               drop message; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.log (message)
-- scope added         line
-- expects             column message 4eff35d3cbe7
-- expects             table public.log 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.log.message
-- deploy old          no: column message is gone
-- deploy new          yes: the change is complete
-- irreversible        column message was dropped; rename line back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_89bf6dea_2_sync_insert" on public.log;
drop trigger if exists "~~changeover_89bf6dea_2_sync_update" on public.log;
drop trigger if exists "~~changeover_89bf6dea_1_old_insert" on public.log;
drop trigger if exists "~~changeover_89bf6dea_1_old_update" on public.log;
drop trigger if exists "~~changeover_89bf6dea_1_new_insert" on public.log;
drop trigger if exists "~~changeover_89bf6dea_1_new_update" on public.log;
drop function if exists changeover.sync_89bf6dea();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.log drop column message;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'keyless';

-- downgrade
