-- changeover revision c8d842dc2421
-- parent              none
-- plan                views
-- name                add-column
-- change              rename_column app.orders.total to amount
-- title               add column amount, like total
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total 55e7c16dd7d6
-- expects             table app.orders 85728e9fabe4
-- expects             view "app.\"Every Way\"" e76cbe0bbb57
-- expects             view app.grouped acb143d3231d
-- expects             view app.joined a731ef3f02e3
-- expects             view app.large cc0fc9a702db
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like total
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add column amount numeric(10,2);

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column if exists amount;
