-- changeover revision f011f4b156bd
-- parent              6a4b73b56295
-- plan                partitioned
-- name                validate
-- change              rename_column app.orders.total to amount
-- title               validate the constraints of amount, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total 43aa6624a39f
-- expects             constraint orders_total_check a66b6671d3e0
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

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
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'orders' and s.attname = 'amount') or not exists (select from app.orders)
analyze app.orders (amount);

-- downgrade
