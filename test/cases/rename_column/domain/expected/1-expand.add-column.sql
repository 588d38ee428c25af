-- changeover revision c5a9c3521f6b
-- parent              none
-- plan                domain
-- name                add-column
-- change              rename_column app.items.price to net_price
-- title               add column net_price, like price
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.items (price)
-- scope added         net_price
-- expects             column price a7130e7492ba
-- expects             index items_price_idx 55f9bafd2eba
-- expects             table app.items 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like price
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.items add column net_price app.price;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.items drop column if exists net_price;
