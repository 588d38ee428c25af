-- changeover revision 8bd8f77f8c3f
-- parent              72f2e0b47279
-- plan                constraints
-- name                drop-foreign-keys
-- change              rename_column app.orders.customer to customer_id
-- title               drop the foreign keys of customer; their twins stand
-- lane                tail
-- phase               contract
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
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.orders.customer
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: the new column is complete

-- upgrade

-- step drop-orders-customer-fk
--   lock     ACCESS EXCLUSIVE on app.orders
--   lock     ACCESS EXCLUSIVE on app.customers
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'orders_customer_fk')
alter table app.orders drop constraint if exists orders_customer_fk;

-- step drop-orders-region-fk
--   lock     ACCESS EXCLUSIVE on app.orders
--   lock     ACCESS EXCLUSIVE on app.customers
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'orders_region_fk')
alter table app.orders drop constraint if exists orders_region_fk;

-- downgrade

-- step add-orders-customer-fk
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   lock     SHARE ROW EXCLUSIVE on app.customers
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'orders_customer_fk')
alter table app.orders add constraint orders_customer_fk foreign key (customer) references app.customers (id) on update cascade on delete restrict not valid;

-- step validate-orders-customer-fk
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   lock     ROW SHARE on app.customers
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'orders_customer_fk' and c.convalidated)
alter table app.orders validate constraint orders_customer_fk;

-- step add-orders-region-fk
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   lock     SHARE ROW EXCLUSIVE on app.customers
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'orders_region_fk')
alter table app.orders add constraint orders_region_fk foreign key (region, customer) references app.customers (region, id) match full deferrable initially deferred not valid;

-- step validate-orders-region-fk
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   lock     ROW SHARE on app.customers
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'orders_region_fk' and c.convalidated)
alter table app.orders validate constraint orders_region_fk;
