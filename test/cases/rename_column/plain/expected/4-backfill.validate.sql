-- changeover revision 15a310abe3e8
-- parent              4e464f0baacf
-- plan                plain
-- name                validate
-- change              rename_column app.orders.total to amount
-- title               validate the constraints of amount, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total b09cdaee8b9a
-- expects             table app.orders 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'orders' and s.attname = 'amount') or not exists (select from app.orders)
analyze app.orders (amount);

-- downgrade
