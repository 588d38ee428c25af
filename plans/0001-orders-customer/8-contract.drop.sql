-- changeover revision ae13ccf795e8
-- parent              8563fe0760a0
-- plan                orders-customer
-- name                drop
-- change              rename_column shop.orders.user_id to customer_id
-- title               drop user_id; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               shop.orders (user_id)
-- scope added         customer_id
-- expects             column user_id 6bdc8b342126
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
-- deploy old          no: column user_id is gone
-- deploy new          yes: the change is complete
-- irreversible        column user_id was dropped; rename customer_id back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_a97b8f04_2_sync_insert" on shop.orders;
drop trigger if exists "~~changeover_a97b8f04_2_sync_update" on shop.orders;
drop trigger if exists "~~changeover_a97b8f04_1_old_insert" on shop.orders;
drop trigger if exists "~~changeover_a97b8f04_1_old_update" on shop.orders;
drop trigger if exists "~~changeover_a97b8f04_1_new_insert" on shop.orders;
drop trigger if exists "~~changeover_a97b8f04_1_new_update" on shop.orders;
drop function if exists changeover.sync_a97b8f04();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders drop column user_id;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table shop.orders alter column customer_id set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table shop.orders drop constraint if exists changeover_orders_user_id_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table shop.orders rename constraint changeover_orders_user_id_not_null to orders_user_id_not_null;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index shop.changeover_orders_open_idx rename to orders_open_idx;
alter index shop.changeover_orders_user_id_created_at_idx rename to orders_user_id_created_at_idx;
alter table shop.orders rename constraint changeover_orders_user_id_fkey to orders_user_id_fkey;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'orders-customer';

-- downgrade
