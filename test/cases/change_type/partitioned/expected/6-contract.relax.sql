-- changeover revision a7b5a2ff900c
-- parent              de5783717580
-- plan                partitioned
-- name                relax
-- change              change_type app.orders.total to bigint
-- title               let the old type of total go from its constraints; their twins stand
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               app.orders (total)
-- scope added         changeover_total
-- expects             column total 43aa6624a39f
-- expects             constraint orders_total_check a66b6671d3e0
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step drop-orders-total-check
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'orders_total_check')
alter table app.orders drop constraint if exists orders_total_check;

-- step drop-not-null
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select attnotnull = false from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('app.orders') and attname = 'total'
alter table app.orders alter column total drop not null;

-- downgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_total_given')
alter table app.orders add constraint changeover_total_given check (total is not null) not valid;

-- step validate-changeover-total-given
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_total_given' and c.convalidated)
alter table app.orders validate constraint changeover_total_given;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select attnotnull = true from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('app.orders') and attname = 'total'
alter table app.orders alter column total set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_total_given')
alter table app.orders drop constraint if exists changeover_total_given;

-- step add-not-null
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'orders_total_not_null')
alter table app.orders add constraint orders_total_not_null not null total not valid;

-- step validate-orders-total-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'orders_total_not_null' and c.convalidated)
alter table app.orders validate constraint orders_total_not_null;

-- step add-orders-total-check
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'orders_total_check')
alter table app.orders add constraint orders_total_check check ((total >= 0)) not valid;

-- step validate-orders-total-check
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'orders_total_check' and c.convalidated)
alter table app.orders validate constraint orders_total_check;
