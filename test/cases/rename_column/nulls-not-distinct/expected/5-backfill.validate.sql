-- changeover revision 2af0bdf2667b
-- parent              1a1474c91496
-- plan                nulls-not-distinct
-- name                validate
-- change              rename_column public.slots.room to place
-- title               validate the constraints of place, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.slots (room)
-- scope added         place
-- expects             column room 4eff35d3cbe7
-- expects             constraint slots_once e0fde015311d
-- expects             index slots_once cb435b36c607
-- expects             index slots_room 9da2649efe90
-- expects             table public.slots 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.slots
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'slots' and s.attname = 'place') or not exists (select from public.slots)
analyze public.slots (place);

-- downgrade
