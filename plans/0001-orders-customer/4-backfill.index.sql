-- changeover revision bf979fd4a2ce
-- parent              0f307eb1053b
-- plan                orders-customer
-- name                index
-- change              rename_column shop.orders.user_id to customer_id
-- title               build the indexes of customer_id
-- lane                tail
-- phase               backfill
-- runner              autocommit
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

-- step create-changeover-orders-open-idx: twin of orders_open_idx
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('shop.changeover_orders_open_idx')), false)
--   heals    shop.changeover_orders_open_idx
create index concurrently changeover_orders_open_idx on shop.orders using btree (customer_id) where (status <> 'shipped'::text);

-- step create-changeover-orders-user-id-created-at-idx: twin of orders_user_id_created_at_idx
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('shop.changeover_orders_user_id_created_at_idx')), false)
--   heals    shop.changeover_orders_user_id_created_at_idx
create index concurrently changeover_orders_user_id_created_at_idx on shop.orders using btree (customer_id, created_at desc);

-- downgrade

-- step drop-changeover-orders-open-idx
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('shop.changeover_orders_open_idx') is null
drop index concurrently if exists shop.changeover_orders_open_idx;

-- step drop-changeover-orders-user-id-created-at-idx
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('shop.changeover_orders_user_id_created_at_idx') is null
drop index concurrently if exists shop.changeover_orders_user_id_created_at_idx;
