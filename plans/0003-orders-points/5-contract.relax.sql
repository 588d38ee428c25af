-- changeover revision 906c855e7ed0
-- parent              79cb7e90612c
-- plan                orders-points
-- name                relax
-- change              change_type shop.orders.points to bigint
-- title               let the old type of points go from its constraints; their twins stand
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               shop.orders (points)
-- scope added         changeover_points
-- expects             column points a7f37ef568fa
-- expects             constraint orders_points_check e36ce90abc45
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step drop-orders-points-check
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'orders_points_check')
alter table shop.orders drop constraint if exists orders_points_check;

-- step drop-not-null
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select attnotnull = false from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('shop.orders') and attname = 'points'
alter table shop.orders alter column points drop not null;

-- downgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'changeover_points_given')
alter table shop.orders add constraint changeover_points_given check (points is not null) not valid;

-- step validate-changeover-points-given
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     scan
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'changeover_points_given' and c.convalidated)
alter table shop.orders validate constraint changeover_points_given;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select attnotnull = true from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('shop.orders') and attname = 'points'
alter table shop.orders alter column points set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'changeover_points_given')
alter table shop.orders drop constraint if exists changeover_points_given;

-- step add-not-null
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'orders_points_not_null')
alter table shop.orders add constraint orders_points_not_null not null points not valid;

-- step validate-orders-points-not-null
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     scan
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'orders_points_not_null' and c.convalidated)
alter table shop.orders validate constraint orders_points_not_null;

-- step add-orders-points-check
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'orders_points_check')
alter table shop.orders add constraint orders_points_check check ((points >= 0)) not valid;

-- step validate-orders-points-check
--   lock     SHARE UPDATE EXCLUSIVE on shop.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('shop.orders') and c.conname = 'orders_points_check' and c.convalidated)
alter table shop.orders validate constraint orders_points_check;
