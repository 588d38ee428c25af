-- changeover revision 5b1f57f53c12
-- parent              b0ebcf04c366
-- plan                int-bigint
-- name                drop
-- change              change_type public.orders.total to bigint
-- title               drop the old total
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.orders ()
-- scope added         changeover_total
-- expects             table public.orders 85728e9fabe4
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
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_a8f6f431_2_sync_insert" on public.orders;
drop trigger if exists "~~changeover_a8f6f431_2_sync_update" on public.orders;
drop trigger if exists "~~changeover_a8f6f431_3_note" on public.orders;
drop trigger if exists "~~changeover_a8f6f431_1_old_insert" on public.orders;
drop trigger if exists "~~changeover_a8f6f431_1_old_update" on public.orders;
drop function if exists changeover.sync_a8f6f431();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_a8f6f431(bigint, integer);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders drop column changeover_total;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.orders alter column total set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.orders drop constraint if exists changeover_orders_total_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.orders rename constraint changeover_orders_total_not_null to orders_total_not_null;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'int-bigint';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'int-bigint';

-- downgrade
