-- changeover revision 8fdfe41645a5
-- parent              15bab49ad04f
-- plan                numeric-scale
-- name                drop
-- change              change_type public.prices.price to numeric(12, 2)
-- title               drop the old price
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.prices ()
-- scope added         changeover_price
-- expects             table public.prices 85728e9fabe4
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
--   lock     ACCESS EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_9e70d30c_2_sync_insert" on public.prices;
drop trigger if exists "~~changeover_9e70d30c_2_sync_update" on public.prices;
drop trigger if exists "~~changeover_9e70d30c_3_note" on public.prices;
drop trigger if exists "~~changeover_9e70d30c_1_old_insert" on public.prices;
drop trigger if exists "~~changeover_9e70d30c_1_old_update" on public.prices;
drop function if exists changeover.sync_9e70d30c();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_9e70d30c(numeric(12,2), numeric(12,4));

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.prices drop column changeover_price;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'numeric-scale';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'numeric-scale';

-- downgrade
