-- changeover revision 4804f0c84c32
-- parent              8f4ee1bc8256
-- plan                views
-- name                validate
-- change              change_type app.orders.total to bigint
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.orders (total)
-- scope added         changeover_total
-- expects             column total a7f37ef568fa
-- expects             table app.orders 85728e9fabe4
-- expects             view "app.\"Some\"" a39075af23cd
-- expects             view app.a_over f52c1b7800af
-- expects             view app.again 3ff2cc836649
-- expects             view app.by_id 0a222785e3be
-- expects             view app.large 6fd771b1b14a
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step validate-changeover-orders-total-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.orders') and c.conname = 'changeover_orders_total_not_null' and c.convalidated)
alter table app.orders validate constraint changeover_orders_total_not_null;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'orders' and s.attname = 'changeover_total') or not exists (select from app.orders)
analyze app.orders (changeover_total);

-- downgrade
