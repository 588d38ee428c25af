-- changeover revision 1376a3b7972a
-- parent              df4c9901770c
-- plan                several-objects
-- name                validate
-- change              change_type app.stock.code to bigint
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.stock (code)
-- scope added         changeover_code
-- expects             column code 94ba3ece2b90
-- expects             constraint stock_code_even 3a356e9d0ea5
-- expects             constraint stock_code_once e564b0a02e1a
-- expects             constraint stock_code_positive d08146ee8204
-- expects             constraint stock_code_region df13398bd727
-- expects             index stock_brin 4cf19bc3c928
-- expects             index stock_code_once a13086112266
-- expects             index stock_hash e53c1b7de79d
-- expects             index stock_open 33ba3dc9af1e
-- expects             index stock_wide 6a9d1199a501
-- expects             table app.stock 85728e9fabe4
-- expects             trigger touch 9f663ec79def
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step validate-changeover-stock-code-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_stock_code_not_null' and c.convalidated)
alter table app.stock validate constraint changeover_stock_code_not_null;

-- step validate-changeover-stock-code-positive
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_stock_code_positive' and c.convalidated)
alter table app.stock validate constraint changeover_stock_code_positive;

-- step validate-changeover-stock-code-region
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   lock     ROW SHARE on app.regions
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_stock_code_region' and c.convalidated)
alter table app.stock validate constraint changeover_stock_code_region;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'stock' and s.attname = 'changeover_code') or not exists (select from app.stock)
analyze app.stock;

-- downgrade
