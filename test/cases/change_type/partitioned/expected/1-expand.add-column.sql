-- changeover revision caedf4b2f33f
-- parent              none
-- plan                partitioned
-- name                add-column
-- change              change_type app.orders.total to bigint
-- title               add total as bigint, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.orders (total)
-- scope added         changeover_total
-- expects             column total 43aa6624a39f
-- expects             constraint orders_total_check a66b6671d3e0
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like total
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add column changeover_total bigint;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column if exists changeover_total;
