-- changeover revision 6a76b2d3d517
-- parent              1376a3b7972a
-- plan                several-objects
-- name                relax
-- change              change_type app.stock.code to bigint
-- title               let the old type of code go from its constraints; their twins stand
-- lane                tail
-- phase               contract
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
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step drop-stock-code-even
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_even')
alter table app.stock drop constraint if exists stock_code_even;

-- step drop-stock-code-positive
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_positive')
alter table app.stock drop constraint if exists stock_code_positive;

-- step drop-stock-code-region
--   lock     ACCESS EXCLUSIVE on app.stock
--   lock     ACCESS EXCLUSIVE on app.regions
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_region')
alter table app.stock drop constraint if exists stock_code_region;

-- step drop-not-null
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select attnotnull = false from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('app.stock') and attname = 'code'
alter table app.stock alter column code drop not null;

-- downgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_code_given')
alter table app.stock add constraint changeover_code_given check (code is not null) not valid;

-- step validate-changeover-code-given
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     scan
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_code_given' and c.convalidated)
alter table app.stock validate constraint changeover_code_given;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select attnotnull = true from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('app.stock') and attname = 'code'
alter table app.stock alter column code set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'changeover_code_given')
alter table app.stock drop constraint if exists changeover_code_given;

-- step add-not-null
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_not_null')
alter table app.stock add constraint stock_code_not_null not null code not valid;

-- step validate-stock-code-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     scan
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_not_null' and c.convalidated)
alter table app.stock validate constraint stock_code_not_null;

-- step add-stock-code-even
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_even')
alter table app.stock add constraint stock_code_even check (((code % 2) = 0)) not valid;

-- step add-stock-code-positive
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_positive')
alter table app.stock add constraint stock_code_positive check ((code > 0)) not valid;

-- step validate-stock-code-positive
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_positive' and c.convalidated)
alter table app.stock validate constraint stock_code_positive;

-- step add-stock-code-region
--   lock     SHARE ROW EXCLUSIVE on app.stock
--   lock     SHARE ROW EXCLUSIVE on app.regions
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_region')
alter table app.stock add constraint stock_code_region foreign key (code) references app.regions (code) not valid;

-- step validate-stock-code-region
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   lock     ROW SHARE on app.regions
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_region' and c.convalidated)
alter table app.stock validate constraint stock_code_region;

-- step comment-stock-code-region
--   lock     SHARE UPDATE EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.stock') and c.conname = 'stock_code_region' and pg_catalog.obj_description(c.oid, 'pg_constraint') = 'which region')
comment on constraint stock_code_region on app.stock is 'which region';
