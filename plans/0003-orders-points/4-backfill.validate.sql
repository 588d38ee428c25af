-- changeover revision 79cb7e90612c
-- parent              d1f945dd017e
-- plan                orders-points
-- name                validate
-- change              change_type shop.orders.points to bigint
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               shop.orders (points)
-- scope added         changeover_points
-- expects             column points a7f37ef568fa
-- expects             constraint orders_points_check e36ce90abc45
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step validate-changeover-orders-points-not-null
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'changeover_orders_points_not_null' and c.convalidated)
alter table shop.orders validate constraint changeover_orders_points_not_null;

-- step validate-changeover-orders-points-check
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'changeover_orders_points_check' and c.convalidated)
alter table shop.orders validate constraint changeover_orders_points_check;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'shop' and s.tablename = 'orders' and s.attname = 'changeover_points') or not exists (select from shop.orders)
analyze shop.orders (changeover_points);

-- downgrade
