-- changeover revision 265d973ce1c1
-- parent              2b62994b617f
-- plan                orders-customer
-- name                validate
-- change              rename_column shop.orders.user_id to customer_id
-- title               validate the constraints of customer_id, gather its statistics
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
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-orders-user-id-not-null
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'changeover_orders_user_id_not_null' and c.convalidated)
alter table shop.orders validate constraint changeover_orders_user_id_not_null;

-- step validate-changeover-orders-user-id-fkey
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   lock     ROW SHARE on shop.users
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'changeover_orders_user_id_fkey' and c.convalidated)
alter table shop.orders validate constraint changeover_orders_user_id_fkey;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'shop' and s.tablename = 'orders' and s.attname = 'customer_id') or not exists (select from shop.orders)
analyze shop.orders (customer_id);

-- downgrade
