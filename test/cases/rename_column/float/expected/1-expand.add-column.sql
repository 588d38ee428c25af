-- changeover revision 035def6ff981
-- parent              none
-- plan                float
-- name                add-column
-- change              rename_column public.points.x to longitude
-- title               add column longitude, like x
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.points (x)
-- scope added         longitude
-- expects             column x 9313130adcc2
-- expects             table public.points 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like x
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.points add column longitude double precision;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.points drop column if exists longitude;
