-- changeover revision 4518859b10ba
-- parent              35cc4b865c38
-- plan                empty
-- name                drop
-- change              rename_column public.nothing.a to b
-- title               drop a; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.nothing (a)
-- scope added         b
-- expects             column a 43aa6624a39f
-- expects             constraint nothing_a_check 0cb2680f5e13
-- expects             constraint nothing_a_key e7e51ecc2975
-- expects             index nothing_a_idx bb0cba42e419
-- expects             index nothing_a_key dde1517ba966
-- expects             table public.nothing 968b76992e65
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.nothing.a
-- deploy old          no: column a is gone
-- deploy new          yes: the change is complete
-- irreversible        column a was dropped; rename b back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_2e1cfa82_2_sync_insert" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_2_sync_update" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_1_old_insert" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_1_old_update" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_1_new_insert" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_1_new_update" on public.nothing;
drop function if exists changeover.sync_2e1cfa82();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.nothing drop column a;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.nothing alter column b set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.nothing drop constraint if exists changeover_nothing_a_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.nothing rename constraint changeover_nothing_a_not_null to nothing_a_not_null;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.nothing add constraint nothing_a_key unique using index changeover_nothing_a_key;
alter index public.changeover_nothing_a_idx rename to nothing_a_idx;
alter table public.nothing rename constraint changeover_nothing_a_check to nothing_a_check;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'empty';

-- downgrade
