-- changeover revision de5783717580
-- parent              da934216cc6e
-- plan                partitioned
-- name                validate
-- change              change_type app.orders.total to bigint
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.orders (total)
-- scope added         changeover_total
-- expects             column total 43aa6624a39f
-- expects             constraint orders_total_check a66b6671d3e0
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step validate-changeover-orders-total-not-null: leaf by leaf, then of the whole, which reads nothing
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_orders_total_not_null' and c.convalidated)
--   each     leaf of app.orders
alter table app.orders validate constraint changeover_orders_total_not_null;

-- step validate-changeover-orders-total-check: leaf by leaf, then of the whole, which reads nothing
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_orders_total_check' and c.convalidated)
--   each     leaf of app.orders
alter table app.orders validate constraint changeover_orders_total_check;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'orders' and s.attname = 'changeover_total') or not exists (select from app.orders)
analyze app.orders (changeover_total);

-- downgrade
