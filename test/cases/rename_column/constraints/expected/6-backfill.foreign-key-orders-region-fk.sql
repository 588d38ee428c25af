-- changeover revision 109a48a484f8
-- parent              d4cdd79d53de
-- plan                constraints
-- name                foreign-key-orders-region-fk
-- change              rename_column app.orders.customer to customer_id
-- title               add the twin of foreign key orders_region_fk
-- lane                tail
-- phase               backfill
-- runner              transactional
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
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step add-foreign-key
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   lock     SHARE ROW EXCLUSIVE on app.customers
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter table app.orders add constraint changeover_orders_region_fk foreign key (region, customer_id) references app.customers (region, id) match full deferrable initially deferred not valid;

-- downgrade

-- step drop-foreign-key
--   lock     ACCESS EXCLUSIVE on app.orders
--   lock     ACCESS EXCLUSIVE on app.customers
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter table app.orders drop constraint if exists changeover_orders_region_fk;
