-- changeover revision 52a36a4b8442
-- parent              none
-- plan                orders-customer
-- name                add-column
-- change              rename_column shop.orders.user_id to customer_id
-- title               add column customer_id, like user_id
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               shop.orders (user_id)
-- scope added         customer_id
-- expects             column user_id 6bdc8b342126
-- expects             constraint orders_user_id_fkey 42b31b53a77f
-- expects             index orders_open_idx f5e659a7c3fa
-- expects             index orders_user_id_created_at_idx bece5c59a313
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like user_id
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders add column customer_id bigint;

-- step column-attributes: storage, statistics, comment and grants as the old column's
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
comment on column shop.orders.customer_id is 'who pays';

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders drop column if exists customer_id;
