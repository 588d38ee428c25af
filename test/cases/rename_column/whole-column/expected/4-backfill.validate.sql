-- changeover revision cd22c60123e9
-- parent              6634f826988e
-- plan                whole-column
-- name                validate
-- change              rename_column app.orders.total to amount
-- title               validate the constraints of amount, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total a81b3e53b52e
-- expects             table app.orders 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-orders-total-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_orders_total_not_null' and c.convalidated)
alter table app.orders validate constraint changeover_orders_total_not_null;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'orders' and s.attname = 'amount') or not exists (select from app.orders)
analyze app.orders (amount);

-- downgrade
