-- changeover revision ed1d8a806ee7
-- parent              0af01c114b28
-- plan                several-objects
-- name                index
-- change              rename_column app.stock.code to article
-- title               build the indexes of article
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
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-stock-open: twin of stock_open
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_stock_open')), false)
--   heals    app.changeover_stock_open
create unique index concurrently changeover_stock_open on app.stock using btree (article, id) include (amount, parent) where ((amount > 0) AND (article IS NOT NULL));

-- step create-changeover-stock-own: twin of stock_own
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_stock_own')), false)
--   heals    app.changeover_stock_own
create index concurrently changeover_stock_own on app.stock using btree ((app.shout(article)), article app.backward desc) where (article OPERATOR(app.===) article);

-- step create-changeover-stock-twice: twin of stock_twice
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_stock_twice')), false)
--   heals    app.changeover_stock_twice
create index concurrently changeover_stock_twice on app.stock using btree (article, (upper(article)), article pg_catalog.text_pattern_ops);

-- step create-changeover-stock-wide: twin of stock_wide
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_stock_wide')), false)
--   heals    app.changeover_stock_wide
create index concurrently changeover_stock_wide on app.stock using btree (region, article desc, (((amount + length(article)))), parent nulls first);

-- step create-changeover-stock-amount-once: twin of stock_amount_once
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_stock_amount_once')), false)
--   heals    app.changeover_stock_amount_once
create unique index concurrently changeover_stock_amount_once on app.stock using btree (warehouse, id, amount) include (article) with (fillfactor = '70');

-- step create-changeover-stock-code-once: twin of stock_code_once
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_stock_code_once')), false)
--   heals    app.changeover_stock_code_once
create unique index concurrently changeover_stock_code_once on app.stock using btree (article, warehouse, id);

-- downgrade

-- step drop-changeover-stock-open
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_stock_open') is null
drop index concurrently if exists app.changeover_stock_open;

-- step drop-changeover-stock-own
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_stock_own') is null
drop index concurrently if exists app.changeover_stock_own;

-- step drop-changeover-stock-twice
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_stock_twice') is null
drop index concurrently if exists app.changeover_stock_twice;

-- step drop-changeover-stock-wide
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_stock_wide') is null
drop index concurrently if exists app.changeover_stock_wide;

-- step drop-changeover-stock-amount-once
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_stock_amount_once') is null
drop index concurrently if exists app.changeover_stock_amount_once;

-- step drop-changeover-stock-code-once
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_stock_code_once') is null
drop index concurrently if exists app.changeover_stock_code_once;
