-- changeover revision ec659a1fed5f
-- parent              15a310abe3e8
-- plan                plain
-- name                drop
-- change              rename_column app.orders.total to amount
-- title               drop total; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total b09cdaee8b9a
-- expects             table app.orders 85728e9fabe4
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
drop trigger if exists "~~changeover_a116c9ed_2_sync_insert" on app.orders;
drop trigger if exists "~~changeover_a116c9ed_2_sync_update" on app.orders;
drop trigger if exists "~~changeover_a116c9ed_1_old_insert" on app.orders;
drop trigger if exists "~~changeover_a116c9ed_1_old_update" on app.orders;
drop trigger if exists "~~changeover_a116c9ed_1_new_insert" on app.orders;
drop trigger if exists "~~changeover_a116c9ed_1_new_update" on app.orders;
drop function if exists changeover.sync_a116c9ed();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column total;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'plain';

-- downgrade
