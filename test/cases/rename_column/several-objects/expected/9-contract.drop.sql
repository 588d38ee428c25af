-- changeover revision 0c92bc9de68b
-- parent              eb6a18aadf27
-- plan                several-objects
-- name                drop
-- change              rename_column app.stock.code to article
-- title               drop code; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.stock (code)
-- scope added         article
-- expects             column code 198e9d53d20f
-- expects             constraint "Stock \"code\" starts" b551a207ee9a
-- expects             constraint stock_amount_once 6ad490d53b75
-- expects             constraint stock_code_once e564b0a02e1a
-- expects             constraint stock_code_region c4cc1aa14b4c
-- expects             constraint stock_not_zero 27ee882de414
-- expects             index stock_amount_once d6072817d23f
-- expects             index stock_code_once a16f9075cb31
-- expects             index stock_open 5253d2ab6a60
-- expects             index stock_own b23c07e2c16d
-- expects             index stock_twice 96e0f7fcc704
-- expects             index stock_wide 5e3ad23303d8
-- expects             table app.stock 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.stock.code
-- deploy old          no: column code is gone
-- deploy new          yes: the change is complete
-- irreversible        column code was dropped; rename article back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_4f6abf4e_2_sync_insert" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_2_sync_update" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_1_old_insert" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_1_old_update" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_1_new_insert" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_1_new_update" on app.stock;
drop function if exists changeover.sync_4f6abf4e();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock drop column code;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.stock alter column article set not null;

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

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock add constraint stock_amount_once unique using index changeover_stock_amount_once;
alter table app.stock add constraint stock_code_once unique using index changeover_stock_code_once;
alter index app.changeover_stock_open rename to stock_open;
alter index app.changeover_stock_own rename to stock_own;
alter index app.changeover_stock_twice rename to stock_twice;
alter index app.changeover_stock_wide rename to stock_wide;
alter table app.stock rename constraint "changeover_Stock ""code"" starts" to "Stock ""code"" starts";
alter table app.stock rename constraint changeover_stock_code_region to stock_code_region;
alter table app.stock rename constraint changeover_stock_not_zero to stock_not_zero;
alter table app.stock rename constraint changeover_stock_code_only to stock_code_only;
alter table app.stock rename constraint changeover_stock_region_code to stock_region_code;
alter index app.stock_wide alter column 3 set statistics 77;
comment on index app.stock_wide is 'wide';
comment on index app.stock_code_once is 'the index of it';
comment on constraint stock_code_once on app.stock is 'once';
comment on constraint stock_region_code on app.stock is 'which region';
alter table app.stock alter column article set default ('c'::text || '0'::text);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'several-objects';

-- downgrade
