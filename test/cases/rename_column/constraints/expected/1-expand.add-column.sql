-- changeover revision 3a9e8a7957d9
-- parent              none
-- plan                constraints
-- name                add-column
-- change              rename_column app.orders.customer to customer_id
-- title               add column customer_id, like customer
-- lane                trunk
-- phase               expand
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
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like customer
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add column customer_id bigint;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column if exists customer_id;
