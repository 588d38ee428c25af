-- changeover revision e59d6e9aa4fd
-- parent              876294f47727
-- plan                int-bigint
-- name                validate
-- change              change_type public.orders.total to bigint
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.orders (total)
-- scope added         changeover_total
-- expects             column total a7f37ef568fa
-- expects             table public.orders 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step validate-changeover-orders-total-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.orders') and c.conname = 'changeover_orders_total_not_null' and c.convalidated)
alter table public.orders validate constraint changeover_orders_total_not_null;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'orders' and s.attname = 'changeover_total') or not exists (select from public.orders)
analyze public.orders (changeover_total);

-- downgrade
