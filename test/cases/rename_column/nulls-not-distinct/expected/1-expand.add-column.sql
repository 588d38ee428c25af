-- changeover revision da9d0d71246a
-- parent              none
-- plan                nulls-not-distinct
-- name                add-column
-- change              rename_column public.slots.room to place
-- title               add column place, like room
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.slots (room)
-- scope added         place
-- expects             column room 4eff35d3cbe7
-- expects             constraint slots_once e0fde015311d
-- expects             index slots_once cb435b36c607
-- expects             index slots_room 9da2649efe90
-- expects             table public.slots 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like room
--   lock     ACCESS EXCLUSIVE on public.slots
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.slots add column place text;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.slots
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.slots drop column if exists place;
