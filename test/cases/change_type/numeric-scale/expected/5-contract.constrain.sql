-- changeover revision 35f0051a64b9
-- parent              12dfbc6c46ae
-- plan                numeric-scale
-- name                constrain
-- change              change_type public.prices.price to numeric(12, 2)
-- title               constrain the new type as the old one is
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

-- step add-price-not-negative: twin of price_not_negative
--   lock     ACCESS EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.prices') and c.conname = 'changeover_price_not_negative')
alter table public.prices add constraint changeover_price_not_negative check ((changeover_price >= (0)::numeric)) not valid;

-- step validate-changeover-price-not-negative
--   lock     SHARE UPDATE EXCLUSIVE on public.prices
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.prices') and c.conname = 'changeover_price_not_negative' and c.convalidated)
alter table public.prices validate constraint changeover_price_not_negative;

-- downgrade

-- step drop-changeover-price-not-negative
--   lock     ACCESS EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.prices') and c.conname = 'changeover_price_not_negative')
alter table public.prices drop constraint if exists changeover_price_not_negative;
