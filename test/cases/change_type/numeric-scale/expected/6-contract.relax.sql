-- changeover revision 7d53c8db072c
-- parent              35f0051a64b9
-- plan                numeric-scale
-- name                relax
-- change              change_type public.prices.price to numeric(12, 2)
-- title               let the old type of price go from its constraints; their twins stand
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               public.prices (price)
-- scope added         changeover_price
-- expects             column price 1cc0f043cc46
-- expects             constraint price_not_negative c94438632b54
-- expects             table public.prices 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step drop-price-not-negative
--   lock     ACCESS EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.prices') and c.conname = 'price_not_negative')
alter table public.prices drop constraint if exists price_not_negative;

-- downgrade

-- step add-price-not-negative
--   lock     ACCESS EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.prices') and c.conname = 'price_not_negative')
alter table public.prices add constraint price_not_negative check ((price >= (0)::numeric)) not valid;

-- step validate-price-not-negative
--   lock     SHARE UPDATE EXCLUSIVE on public.prices
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.prices') and c.conname = 'price_not_negative' and c.convalidated)
alter table public.prices validate constraint price_not_negative;
