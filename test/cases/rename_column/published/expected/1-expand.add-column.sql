-- changeover revision b272ed6c7b79
-- parent              none
-- plan                published
-- name                add-column
-- change              rename_column public.orders.total to amount
-- title               add column amount, like total
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.orders (total)
-- scope added         amount
-- expects             column total b09cdaee8b9a
-- expects             publication everything 3167d65f928b
-- expects             publication orders_out 3167d65f928b
-- expects             table public.orders 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like total
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders add column amount integer;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders drop column if exists amount;
