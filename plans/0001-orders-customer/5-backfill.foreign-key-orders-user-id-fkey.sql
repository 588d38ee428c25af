-- changeover revision 2b62994b617f
-- parent              bf979fd4a2ce
-- plan                orders-customer
-- name                foreign-key-orders-user-id-fkey
-- change              rename_column shop.orders.user_id to customer_id
-- title               add the twin of foreign key orders_user_id_fkey
-- lane                tail
-- phase               backfill
-- runner              transactional
-- scope               shop.orders (user_id)
-- scope added         customer_id
-- expects             column user_id 6bdc8b342126
-- expects             constraint orders_user_id_fkey 42b31b53a77f
-- expects             index orders_open_idx f5e659a7c3fa
-- expects             index orders_user_id_created_at_idx bece5c59a313
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step add-foreign-key
--   lock     SHARE ROW EXCLUSIVE on shop.orders
--   lock     SHARE ROW EXCLUSIVE on shop.users
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter table shop.orders add constraint changeover_orders_user_id_fkey foreign key (customer_id) references shop.users (id) not valid;

-- downgrade

-- step drop-foreign-key
--   lock     ACCESS EXCLUSIVE on shop.orders
--   lock     ACCESS EXCLUSIVE on shop.users
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter table shop.orders drop constraint if exists changeover_orders_user_id_fkey;
