-- changeover revision 9e32a60f7a4d
-- parent              92eaa81f0275
-- plan                domain
-- name                index
-- change              rename_column app.items.price to net_price
-- title               build the indexes of net_price
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.items (price)
-- scope added         net_price
-- expects             column price a7130e7492ba
-- expects             index items_price_idx 55f9bafd2eba
-- expects             table app.items 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-items-price-idx: twin of items_price_idx
--   lock     SHARE UPDATE EXCLUSIVE on app.items
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_items_price_idx')), false)
--   heals    app.changeover_items_price_idx
create index concurrently changeover_items_price_idx on app.items using btree (net_price desc) where ((net_price)::numeric > ((3.50)::app.price)::numeric);

-- downgrade

-- step drop-changeover-items-price-idx
--   lock     SHARE UPDATE EXCLUSIVE on app.items
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_items_price_idx') is null
drop index concurrently if exists app.changeover_items_price_idx;
