-- changeover revision 21213392ec92
-- parent              none
-- plan                views
-- name                add-column
-- change              change_type app.orders.total to bigint
-- title               add total as bigint, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.orders (total)
-- scope added         changeover_total
-- expects             column total a7f37ef568fa
-- expects             table app.orders 85728e9fabe4
-- expects             view "app.\"Some\"" a39075af23cd
-- expects             view app.a_over f52c1b7800af
-- expects             view app.again 3ff2cc836649
-- expects             view app.by_id 0a222785e3be
-- expects             view app.large 6fd771b1b14a
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
