-- changeover revision c209e3a7f8ca
-- parent              ed1d8a806ee7
-- plan                several-objects
-- name                foreign-key-stock-code-only
-- change              rename_column app.stock.code to article
-- title               add the twin of foreign key stock_code_only
-- lane                tail
-- phase               backfill
-- runner              transactional
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
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step add-foreign-key
--   lock     SHARE ROW EXCLUSIVE on app.stock
--   lock     SHARE ROW EXCLUSIVE on app.regions
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter table app.stock add constraint changeover_stock_code_only foreign key (article, region) references app.regions (code, region) match full deferrable not valid;

-- downgrade

-- step drop-foreign-key
--   lock     ACCESS EXCLUSIVE on app.stock
--   lock     ACCESS EXCLUSIVE on app.regions
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter table app.stock drop constraint if exists changeover_stock_code_only;
