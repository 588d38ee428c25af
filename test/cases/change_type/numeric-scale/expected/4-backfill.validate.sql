-- changeover revision 12dfbc6c46ae
-- parent              276315f7406f
-- plan                numeric-scale
-- name                validate
-- change              change_type public.prices.price to numeric(12, 2)
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.prices (price)
-- scope added         changeover_price
-- expects             column price 1cc0f043cc46
-- expects             constraint price_not_negative c94438632b54
-- expects             table public.prices 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.prices
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'prices' and s.attname = 'changeover_price') or not exists (select from public.prices)
analyze public.prices (changeover_price);

-- downgrade
