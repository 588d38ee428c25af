-- changeover revision 225002b0a903
-- parent              none
-- plan                keyless
-- name                add-column
-- change              rename_column public.log.message to line
-- title               add column line, like message
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.log (message)
-- scope added         line
-- expects             column message 4eff35d3cbe7
-- expects             table public.log 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like message
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.log add column line text;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.log drop column if exists line;
