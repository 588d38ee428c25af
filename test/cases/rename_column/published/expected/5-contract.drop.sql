-- changeover revision 722cc48ca278
-- parent              01d9a8c8a03a
-- plan                published
-- name                drop
-- change              rename_column public.orders.total to amount
-- title               drop total; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.orders (total)
-- scope added         amount
-- expects             column total b09cdaee8b9a
-- expects             publication everything 3167d65f928b
-- expects             publication orders_out 3167d65f928b
-- expects             table public.orders 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.orders.total
-- deploy old          no: column total is gone
-- deploy new          yes: the change is complete
-- irreversible        column total was dropped; rename amount back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_b04e5ea2_2_sync_insert" on public.orders;
drop trigger if exists "~~changeover_b04e5ea2_2_sync_update" on public.orders;
drop trigger if exists "~~changeover_b04e5ea2_1_old_insert" on public.orders;
drop trigger if exists "~~changeover_b04e5ea2_1_old_update" on public.orders;
drop trigger if exists "~~changeover_b04e5ea2_1_new_insert" on public.orders;
drop trigger if exists "~~changeover_b04e5ea2_1_new_update" on public.orders;
drop function if exists changeover.sync_b04e5ea2();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders drop column total;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'published';

-- downgrade
