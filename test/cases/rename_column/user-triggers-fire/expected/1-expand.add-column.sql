-- changeover revision 961307c62ba6
-- parent              none
-- plan                user-triggers-fire
-- name                add-column
-- change              rename_column public.docs.body to content
-- title               add column content, like body
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.docs (body)
-- scope added         content
-- expects             column body 4eff35d3cbe7
-- expects             table public.docs 85728e9fabe4
-- expects             trigger count_revision 6cc9e47a4734
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like body
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs add column content text;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs drop column if exists content;
