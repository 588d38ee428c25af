-- changeover revision cf054bf10ba7
-- parent              378a8e976027
-- plan                orders-channel
-- name                validate
-- change              set_not_null shop.orders.channel, NULLs become 'web'
-- title               validate that channel holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               shop.orders (channel)
-- scope not null      channel
-- expects             column channel 4eff35d3cbe7
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step validate-changeover-orders-channel-not-null
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'changeover_orders_channel_not_null' and c.convalidated)
alter table shop.orders validate constraint changeover_orders_channel_not_null;

-- downgrade
