-- changeover revision d46cf863e0fa
-- parent              66b2d4143a5c
-- plan                several-objects
-- name                validate
-- change              rename_column app.stock.code to article
-- title               validate the constraints of article, gather its statistics
-- lane                tail
-- phase               backfill
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
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-stock-code-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_stock_code_not_null' and c.convalidated)
alter table app.stock validate constraint changeover_stock_code_not_null;

-- step validate-changeover-stock-code-region
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_stock_code_region' and c.convalidated)
alter table app.stock validate constraint changeover_stock_code_region;

-- step validate-changeover-stock-not-zero
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_stock_not_zero' and c.convalidated)
alter table app.stock validate constraint changeover_stock_not_zero;

-- step validate-changeover-stock-code-only
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   lock     ROW SHARE on app.regions
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_stock_code_only' and c.convalidated)
alter table app.stock validate constraint changeover_stock_code_only;

-- step validate-changeover-stock-region-code
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   lock     ROW SHARE on app.regions
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_stock_region_code' and c.convalidated)
alter table app.stock validate constraint changeover_stock_region_code;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'stock' and s.attname = 'article') or not exists (select from app.stock)
analyze app.stock;

-- downgrade
