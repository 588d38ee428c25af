-- changeover revision 20466890a561
-- parent              none
-- plan                json
-- name                add-column
-- change              rename_column public.docs.body to content
-- title               add column content, like body
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.docs (body)
-- scope added         content
-- expects             column body b67b95ee8e80
-- expects             index docs_expr_idx ced9911023a2
-- expects             table public.docs 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like body
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs add column content json;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs drop column if exists content;
