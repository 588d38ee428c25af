-- changeover revision 0cf505e57e80
-- parent              283c5a2beb47
-- plan                json
-- name                drop
-- change              rename_column public.docs.body to content
-- title               drop body; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.docs (body)
-- scope added         content
-- expects             column body b67b95ee8e80
-- expects             index docs_expr_idx ced9911023a2
-- expects             table public.docs 85728e9fabe4
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
drop trigger if exists "~~changeover_02bd175f_2_sync_insert" on public.docs;
drop trigger if exists "~~changeover_02bd175f_2_sync_update" on public.docs;
drop trigger if exists "~~changeover_02bd175f_1_old_insert" on public.docs;
drop trigger if exists "~~changeover_02bd175f_1_old_update" on public.docs;
drop trigger if exists "~~changeover_02bd175f_1_new_insert" on public.docs;
drop trigger if exists "~~changeover_02bd175f_1_new_update" on public.docs;
drop function if exists changeover.sync_02bd175f();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs drop column body;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index public.changeover_docs_expr_idx rename to docs_expr_idx;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'json';

-- downgrade
