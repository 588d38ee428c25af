-- changeover revision 13cf850c0d30
-- parent              none
-- plan                jsonb-extraction
-- name                add-column
-- change              change_type public.docs.size to integer, using (size ->> 'px')::integer
-- title               add size as integer, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.docs (size)
-- scope added         changeover_size
-- expects             column size 44f4fbbc7a50
-- expects             table public.docs 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: the column has its old type until the switch

-- upgrade

-- step add-column: like size
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs add column changeover_size integer;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs drop column if exists changeover_size;
