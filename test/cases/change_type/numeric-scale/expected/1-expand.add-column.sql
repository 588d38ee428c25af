-- changeover revision 50617c68979f
-- parent              none
-- plan                numeric-scale
-- name                add-column
-- change              change_type public.prices.price to numeric(12, 2)
-- title               add price as numeric(12,2), beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.prices (price)
-- scope added         changeover_price
-- expects             column price 1cc0f043cc46
-- expects             constraint price_not_negative c94438632b54
-- expects             table public.prices 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like price
--   lock     ACCESS EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.prices add column changeover_price numeric(12,2);

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.prices drop column if exists changeover_price;
