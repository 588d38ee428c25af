-- changeover revision 6a4b73b56295
-- parent              3092e514c989
-- plan                partitioned
-- name                index
-- change              rename_column app.orders.total to amount
-- title               build the indexes of amount
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total 43aa6624a39f
-- expects             constraint orders_total_check a66b6671d3e0
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-orders-by-day: twin of orders_by_day, INVALID until each partition has its own
--   lock     SHARE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_orders_by_day') is not null
create unique index changeover_orders_by_day on only app.orders using btree (day, amount desc, id);

-- step build-changeover-orders-by-day: twin of orders_by_day
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_orders_by_day')), false)
--   each     leaf of app.orders
create unique index concurrently changeover_orders_by_day on app.orders using btree (day, amount desc, id);

-- step create-changeover-orders-total-idx: twin of orders_total_idx, INVALID until each partition has its own
--   lock     SHARE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_orders_total_idx') is not null
create index changeover_orders_total_idx on only app.orders using btree (amount) include (note) where (amount > 10);

-- step build-changeover-orders-total-idx: twin of orders_total_idx
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_orders_total_idx')), false)
--   each     leaf of app.orders
create index concurrently changeover_orders_total_idx on app.orders using btree (amount) include (note) where (amount > 10);

-- step create-changeover-orders-total-key: twin of orders_total_key, INVALID until each partition has its own
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_orders_total_key') is not null
alter table only app.orders add constraint changeover_orders_total_key unique (amount, day, id);

-- step build-changeover-orders-total-key: twin of orders_total_key
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_orders_total_key')), false)
--   each     leaf of app.orders
create unique index concurrently changeover_orders_total_key on app.orders using btree (amount, day, id);

-- downgrade

-- step drop-changeover-orders-by-day: with those of the partitions
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_orders_by_day') is null
--   each     leaf of app.orders
drop index if exists app.changeover_orders_by_day;

-- step drop-changeover-orders-total-idx: with those of the partitions
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_orders_total_idx') is null
--   each     leaf of app.orders
drop index if exists app.changeover_orders_total_idx;

-- step drop-changeover-orders-total-key: with those of the partitions
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_orders_total_key') is null
--   each     leaf of app.orders
alter table app.orders drop constraint if exists changeover_orders_total_key;
