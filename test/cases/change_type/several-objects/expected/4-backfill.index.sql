-- changeover revision bd465330312a
-- parent              56457579cf09
-- plan                several-objects
-- name                index
-- change              change_type app.stock.code to bigint
-- title               build the indexes of code over its new type
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

-- step create-changeover-stock-brin: twin of stock_brin
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_stock_brin')), false)
--   heals    app.changeover_stock_brin
create index concurrently changeover_stock_brin on app.stock using brin (changeover_code) with (pages_per_range = '4');

-- step create-changeover-stock-hash: twin of stock_hash
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_stock_hash')), false)
--   heals    app.changeover_stock_hash
create index concurrently changeover_stock_hash on app.stock using hash (changeover_code);

-- step create-changeover-stock-open: twin of stock_open
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_stock_open')), false)
--   heals    app.changeover_stock_open
create unique index concurrently changeover_stock_open on app.stock using btree (changeover_code, id) include (amount) where ((amount > 0) AND (changeover_code IS NOT NULL));

-- step create-changeover-stock-wide: twin of stock_wide
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_stock_wide')), false)
--   heals    app.changeover_stock_wide
create index concurrently changeover_stock_wide on app.stock using btree (amount, changeover_code desc, (((amount + changeover_code))));

-- step create-changeover-stock-code-once: twin of stock_code_once
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_stock_code_once')), false)
--   heals    app.changeover_stock_code_once
create unique index concurrently changeover_stock_code_once on app.stock using btree (changeover_code, warehouse, id);

-- step attach-stock-code-once: the index is there: no scan
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_stock_code_once')
alter table app.stock add constraint changeover_stock_code_once unique using index changeover_stock_code_once;

-- downgrade

-- step drop-changeover-stock-code-once
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_stock_code_once')
alter table app.stock drop constraint if exists changeover_stock_code_once;

-- step drop-changeover-stock-brin
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_stock_brin') is null
drop index concurrently if exists app.changeover_stock_brin;

-- step drop-changeover-stock-hash
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_stock_hash') is null
drop index concurrently if exists app.changeover_stock_hash;

-- step drop-changeover-stock-open
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_stock_open') is null
drop index concurrently if exists app.changeover_stock_open;

-- step drop-changeover-stock-wide
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_stock_wide') is null
drop index concurrently if exists app.changeover_stock_wide;
