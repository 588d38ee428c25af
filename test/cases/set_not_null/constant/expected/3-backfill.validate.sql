-- changeover revision 9c826bab2f79
-- parent              18e4bcdd9f5d
-- plan                constant
-- name                validate
-- change              set_not_null app.orders.channel, NULLs become 'web'
-- title               validate that channel holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.orders (channel)
-- scope not null      channel
-- expects             column channel 4eff35d3cbe7
-- expects             index orders_channel_idx eeaf558813b7
-- expects             table app.orders 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step validate-changeover-orders-channel-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_orders_channel_not_null' and c.convalidated)
alter table app.orders validate constraint changeover_orders_channel_not_null;

-- downgrade
