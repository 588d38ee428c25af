-- changeover revision a7bcc47f1abe
-- parent              none
-- plan                text-int
-- name                add-column
-- change              change_type public.imports.amount to integer, using amount::integer
-- title               add amount as integer, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.imports (amount)
-- scope added         changeover_amount
-- expects             column amount 28288ae9463f
-- expects             table public.imports 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like amount
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.imports add column changeover_amount integer;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.imports drop column if exists changeover_amount;
