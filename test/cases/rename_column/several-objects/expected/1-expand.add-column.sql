-- changeover revision 782b235d4570
-- parent              none
-- plan                several-objects
-- name                add-column
-- change              rename_column app.stock.code to article
-- title               add column article, like code
-- lane                trunk
-- phase               expand
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
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like code
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock add column article text collate pg_catalog."C";

-- step column-attributes: storage, statistics, comment and grants as the old column's
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock alter column article set statistics 42;
comment on column app.stock.article is 'the code''s comment';
grant insert (article) on app.stock to case_reader;
grant select (article) on app.stock to case_reader;
grant update (article) on app.stock to case_writer with grant option;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock drop column if exists article;
