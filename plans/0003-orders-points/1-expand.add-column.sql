-- changeover revision de8484ebab0e
-- parent              b23ed6d103da
-- plan                orders-points
-- name                add-column
-- change              change_type shop.orders.points to bigint
-- title               add points as bigint, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               shop.orders (points)
-- scope added         changeover_points
-- expects             column points a7f37ef568fa
-- expects             constraint orders_points_check e36ce90abc45
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like points
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders add column changeover_points bigint;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders drop column if exists changeover_points;
