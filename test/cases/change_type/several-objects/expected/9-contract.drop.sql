-- changeover revision 5128e2839bb5
-- parent              955d3f924fee
-- plan                several-objects
-- name                drop
-- change              change_type app.stock.code to bigint
-- title               drop the old code
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.stock ()
-- scope added         changeover_code
-- expects             table app.stock 85728e9fabe4
-- expects             trigger touch 9f663ec79def
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
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_4f6abf4e_2_sync_insert" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_2_sync_update" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_3_note" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_1_old_insert" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_1_old_update" on app.stock;
drop function if exists changeover.sync_4f6abf4e();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_4f6abf4e(bigint, integer);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock drop column changeover_code;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.stock alter column code set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.stock drop constraint if exists changeover_stock_code_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.stock rename constraint changeover_stock_code_not_null to stock_code_not_null;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'several-objects';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'several-objects';

-- downgrade
