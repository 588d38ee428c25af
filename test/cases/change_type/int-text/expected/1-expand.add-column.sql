-- changeover revision e94062e1cbc7
-- parent              none
-- plan                int-text
-- name                add-column
-- change              change_type public.orders."Code" to text, using -- what it is called 'c -- step ' || "Code"
-- title               add Code as text, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.orders ("Code")
-- scope added         "changeover_Code"
-- expects             column Code b09cdaee8b9a
-- expects             index "Orders code" b0a7901a5624
-- expects             table public.orders 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like Code
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders add column "changeover_Code" text;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders drop column if exists "changeover_Code";
