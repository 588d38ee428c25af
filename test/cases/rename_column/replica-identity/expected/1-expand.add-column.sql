-- changeover revision 58117c16011b
-- parent              none
-- plan                replica-identity
-- name                add-column
-- change              rename_column public.cars.plate to number
-- title               add column number, like plate
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.cars (plate)
-- scope added         number
-- expects             column plate 0d661d9eee16
-- expects             index cars_plate 236780cdfb0c
-- expects             table public.cars f6072b5a255b
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like plate
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.cars add column number text;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.cars drop column if exists number;
