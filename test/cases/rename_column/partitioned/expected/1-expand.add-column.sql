-- changeover revision 5d61c8e25ed0
-- parent              none
-- plan                partitioned
-- name                add-column
-- change              rename_column app.orders.total to amount
-- title               add column amount, like total
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total 43aa6624a39f
-- expects             constraint orders_total_check a66b6671d3e0
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
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
