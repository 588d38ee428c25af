-- changeover revision 473c4a8a3aaa
-- parent              fb167f9b7d45
-- plan                constraints
-- name                index
-- change              rename_column app.orders.customer to customer_id
-- title               build the indexes of customer_id
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
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-orders-customer-once: twin of orders_customer_once
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_orders_customer_once')), false)
--   heals    app.changeover_orders_customer_once
create unique index concurrently changeover_orders_customer_once on app.orders using btree (customer_id, id);

-- downgrade

-- step drop-changeover-orders-customer-once
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_orders_customer_once') is null
drop index concurrently if exists app.changeover_orders_customer_once;
