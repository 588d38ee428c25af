-- changeover revision b413326ffeeb
-- parent              7b417078dec4
-- plan                jsonb-extraction
-- name                drop
-- change              change_type public.docs.size to integer, using (size ->> 'px')::integer
-- title               drop the old size
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.docs ()
-- scope added         changeover_size
-- expects             table public.docs 85728e9fabe4
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
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_df39ddf5_2_sync_insert" on public.docs;
drop trigger if exists "~~changeover_df39ddf5_2_sync_update" on public.docs;
drop trigger if exists "~~changeover_df39ddf5_3_note" on public.docs;
drop trigger if exists "~~changeover_df39ddf5_1_old_insert" on public.docs;
drop trigger if exists "~~changeover_df39ddf5_1_old_update" on public.docs;
drop function if exists changeover.sync_df39ddf5();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_df39ddf5(integer, jsonb);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs drop column changeover_size;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'jsonb-extraction';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'jsonb-extraction';

-- downgrade
