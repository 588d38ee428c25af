-- changeover revision 51074253ce00
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
-- deploy new          yes: where it is ready for either type

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
