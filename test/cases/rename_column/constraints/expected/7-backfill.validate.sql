-- changeover revision 72f2e0b47279
-- parent              109a48a484f8
-- plan                constraints
-- name                validate
-- change              rename_column app.orders.customer to customer_id
-- title               validate the constraints of customer_id, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.orders (customer)
-- scope added         customer_id
-- expects             column customer 4ec341b2ded4
-- expects             constraint orders_both 9715193248e9
-- expects             constraint orders_customer_fk 5d4c9e3b9268
-- expects             constraint orders_customer_once c0666277770b
-- expects             constraint orders_customer_positive 49cca8bfaf34
-- expects             constraint orders_old 39160d7e7d56
-- expects             constraint orders_region_fk 1dc13839c732
-- expects             index orders_customer_once 2f685972b7c2
-- expects             table app.orders 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-orders-customer-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_orders_customer_not_null' and c.convalidated)
alter table app.orders validate constraint changeover_orders_customer_not_null;

-- step validate-changeover-orders-both
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_orders_both' and c.convalidated)
alter table app.orders validate constraint changeover_orders_both;

-- step validate-changeover-orders-customer-positive
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_orders_customer_positive' and c.convalidated)
alter table app.orders validate constraint changeover_orders_customer_positive;

-- step validate-changeover-orders-customer-fk
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   lock     ROW SHARE on app.customers
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_orders_customer_fk' and c.convalidated)
alter table app.orders validate constraint changeover_orders_customer_fk;

-- step validate-changeover-orders-region-fk
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   lock     ROW SHARE on app.customers
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_orders_region_fk' and c.convalidated)
alter table app.orders validate constraint changeover_orders_region_fk;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'orders' and s.attname = 'customer_id') or not exists (select from app.orders)
analyze app.orders (customer_id);

-- downgrade
