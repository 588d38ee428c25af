-- changeover revision eb6a18aadf27
-- parent              d46cf863e0fa
-- plan                several-objects
-- name                drop-foreign-keys
-- change              rename_column app.stock.code to article
-- title               drop the foreign keys of code; their twins stand
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               app.stock (code)
-- scope added         article
-- expects             column code 198e9d53d20f
-- expects             constraint "Stock \"code\" starts" b551a207ee9a
-- expects             constraint stock_amount_once 6ad490d53b75
-- expects             constraint stock_code_once e564b0a02e1a
-- expects             constraint stock_code_only 58f01f463e9a
-- expects             constraint stock_code_region c4cc1aa14b4c
-- expects             constraint stock_not_zero 27ee882de414
-- expects             constraint stock_region_code 25fc69935794
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
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: the new column is complete

-- upgrade

-- step drop-stock-code-only
--   lock     ACCESS EXCLUSIVE on app.stock
--   lock     ACCESS EXCLUSIVE on app.regions
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_only')
alter table app.stock drop constraint if exists stock_code_only;

-- step drop-stock-region-code
--   lock     ACCESS EXCLUSIVE on app.stock
--   lock     ACCESS EXCLUSIVE on app.regions
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_region_code')
alter table app.stock drop constraint if exists stock_region_code;

-- downgrade

-- step add-stock-code-only
--   lock     SHARE ROW EXCLUSIVE on app.stock
--   lock     SHARE ROW EXCLUSIVE on app.regions
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_only')
alter table app.stock add constraint stock_code_only foreign key (code, region) references app.regions (code, region) match full deferrable not valid;

-- step validate-stock-code-only
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   lock     ROW SHARE on app.regions
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_only' and c.convalidated)
alter table app.stock validate constraint stock_code_only;

-- step add-stock-region-code
--   lock     SHARE ROW EXCLUSIVE on app.stock
--   lock     SHARE ROW EXCLUSIVE on app.regions
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_region_code')
alter table app.stock add constraint stock_region_code foreign key (region, code) references app.regions (region, code) on update cascade not valid;

-- step validate-stock-region-code
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   lock     ROW SHARE on app.regions
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_region_code' and c.convalidated)
alter table app.stock validate constraint stock_region_code;
