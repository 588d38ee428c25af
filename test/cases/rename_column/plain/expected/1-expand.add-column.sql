-- changeover revision 1f6b716fe6e5
-- parent              none
-- plan                plain
-- name                add-column
-- change              rename_column app.orders.total to amount
-- title               add column amount, like total
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total b09cdaee8b9a
-- expects             table app.orders 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like total
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add column amount integer;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column if exists amount;
