-- changeover revision 01d9a8c8a03a
-- parent              d9d0d15cd896
-- plan                published
-- name                validate
-- change              rename_column public.orders.total to amount
-- title               validate the constraints of amount, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.orders (total)
-- scope added         amount
-- expects             column total b09cdaee8b9a
-- expects             publication everything 3167d65f928b
-- expects             publication orders_out 3167d65f928b
-- expects             table public.orders 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'orders' and s.attname = 'amount') or not exists (select from public.orders)
analyze public.orders (amount);

-- downgrade
