-- changeover revision fe4e2c6cbcd6
-- parent              9e32a60f7a4d
-- plan                domain
-- name                validate
-- change              rename_column app.items.price to net_price
-- title               validate the constraints of net_price, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.items (price)
-- scope added         net_price
-- expects             column price a7130e7492ba
-- expects             index items_price_idx 55f9bafd2eba
-- expects             table app.items 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-items-price-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.items
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.items') and c.conname = 'changeover_items_price_not_null' and c.convalidated)
alter table app.items validate constraint changeover_items_price_not_null;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.items
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'items' and s.attname = 'net_price') or not exists (select from app.items)
analyze app.items (net_price);

-- downgrade
