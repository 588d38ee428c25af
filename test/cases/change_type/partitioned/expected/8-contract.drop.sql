-- changeover revision 380207918dba
-- parent              0177587aa518
-- plan                partitioned
-- name                drop
-- change              change_type app.orders.total to bigint
-- title               drop the old total
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.orders ()
-- scope added         changeover_total
-- expects             table app.orders 500cc083dca4
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
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_96ff3f2b_2_sync_insert" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_2_sync_update" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_3_note" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_1_old_insert" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_1_old_update" on app.orders;
drop function if exists changeover.sync_96ff3f2b();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_96ff3f2b(bigint, integer);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column changeover_total;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.orders alter column total set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.orders drop constraint if exists changeover_orders_total_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.orders rename constraint changeover_orders_total_not_null to orders_total_not_null;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'partitioned';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'partitioned';

-- downgrade
