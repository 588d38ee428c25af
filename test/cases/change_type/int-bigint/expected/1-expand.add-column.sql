-- changeover revision 35dc09eb06d3
-- parent              none
-- plan                int-bigint
-- name                add-column
-- change              change_type public.orders.total to bigint
-- title               add total as bigint, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.orders (total)
-- scope added         changeover_total
-- expects             column total a7f37ef568fa
-- expects             table public.orders 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like total
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders add column changeover_total bigint;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders drop column if exists changeover_total;
