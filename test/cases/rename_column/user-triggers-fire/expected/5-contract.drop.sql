-- changeover revision 3bac9664ada5
-- parent              cfd17960b0f1
-- plan                user-triggers-fire
-- name                drop
-- change              rename_column public.docs.body to content
-- title               drop body; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.docs (body)
-- scope added         content
-- expects             column body 4eff35d3cbe7
-- expects             table public.docs 85728e9fabe4
-- expects             trigger count_revision 6cc9e47a4734
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.docs.body
-- deploy old          no: column body is gone
-- deploy new          yes: the change is complete
-- irreversible        column body was dropped; rename content back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_66c7673d_2_sync_insert" on public.docs;
drop trigger if exists "~~changeover_66c7673d_2_sync_update" on public.docs;
drop trigger if exists "~~changeover_66c7673d_1_old_insert" on public.docs;
drop trigger if exists "~~changeover_66c7673d_1_old_update" on public.docs;
drop trigger if exists "~~changeover_66c7673d_1_new_insert" on public.docs;
drop trigger if exists "~~changeover_66c7673d_1_new_update" on public.docs;
drop function if exists changeover.sync_66c7673d();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs drop column body;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'user-triggers-fire';

-- downgrade
