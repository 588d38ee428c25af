-- changeover revision 23e717e0a56a
-- parent              f011f4b156bd
-- plan                partitioned
-- name                drop
-- change              rename_column app.orders.total to amount
-- title               drop total; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total 43aa6624a39f
-- expects             constraint orders_total_check a66b6671d3e0
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.orders.total
-- deploy old          no: column total is gone
-- deploy new          yes: the change is complete
-- irreversible        column total was dropped; rename amount back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_96ff3f2b_2_sync_insert" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_2_sync_update" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_1_old_insert" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_1_old_update" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_1_new_insert" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_1_new_update" on app.orders;
drop function if exists changeover.sync_96ff3f2b();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column total;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.orders alter column amount set not null;

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

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index app.changeover_orders_by_day rename to orders_by_day;
alter index app.changeover_orders_total_idx rename to orders_total_idx;
alter table app.orders rename constraint changeover_orders_total_key to orders_total_key;
alter table app.orders rename constraint changeover_orders_total_check to orders_total_check;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'partitioned';

-- downgrade
