-- changeover revision cd336060aa67
-- parent              95b225081475
-- plan                orders-points
-- name                drop
-- change              change_type shop.orders.points to bigint
-- title               drop the old points
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               shop.orders ()
-- scope added         changeover_points
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type
-- irreversible        the old values are gone; change the type back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_fd771ed3_2_sync_insert" on shop.orders;
drop trigger if exists "~~changeover_fd771ed3_2_sync_update" on shop.orders;
drop trigger if exists "~~changeover_fd771ed3_3_note" on shop.orders;
drop trigger if exists "~~changeover_fd771ed3_1_old_insert" on shop.orders;
drop trigger if exists "~~changeover_fd771ed3_1_old_update" on shop.orders;
drop function if exists changeover.sync_fd771ed3();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_fd771ed3(bigint, integer);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders drop column changeover_points;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table shop.orders alter column points set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table shop.orders drop constraint if exists changeover_orders_points_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table shop.orders rename constraint changeover_orders_points_not_null to orders_points_not_null;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'orders-points';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'orders-points';

-- downgrade
