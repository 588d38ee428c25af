-- changeover revision 8563fe0760a0
-- parent              265d973ce1c1
-- plan                orders-customer
-- name                drop-foreign-keys
-- change              rename_column shop.orders.user_id to customer_id
-- title               drop the foreign keys of user_id; their twins stand
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               shop.orders (user_id)
-- scope added         customer_id
-- expects             column user_id 6bdc8b342126
-- expects             constraint orders_user_id_fkey 42b31b53a77f
-- expects             index orders_open_idx f5e659a7c3fa
-- expects             index orders_user_id_created_at_idx bece5c59a313
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions shop.orders.user_id
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: the new column is complete

-- upgrade

-- step drop-orders-user-id-fkey
--   lock     ACCESS EXCLUSIVE on shop.orders
--   lock     ACCESS EXCLUSIVE on shop.users
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'orders_user_id_fkey')
alter table shop.orders drop constraint if exists orders_user_id_fkey;

-- downgrade

-- step add-orders-user-id-fkey
--   lock     SHARE ROW EXCLUSIVE on shop.orders
--   lock     SHARE ROW EXCLUSIVE on shop.users
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'orders_user_id_fkey')
alter table shop.orders add constraint orders_user_id_fkey foreign key (user_id) references shop.users (id) not valid;

-- step validate-orders-user-id-fkey
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   lock     ROW SHARE on shop.users
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'orders_user_id_fkey' and c.convalidated)
alter table shop.orders validate constraint orders_user_id_fkey;
