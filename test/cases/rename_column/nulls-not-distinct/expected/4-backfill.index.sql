-- changeover revision 1a1474c91496
-- parent              61bb94d831ab
-- plan                nulls-not-distinct
-- name                index
-- change              rename_column public.slots.room to place
-- title               build the indexes of place
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
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-slots-room: twin of slots_room
--   lock     SHARE UPDATE EXCLUSIVE on public.slots
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_slots_room')), false)
--   heals    public.changeover_slots_room
create unique index concurrently changeover_slots_room on public.slots using btree (place, id) nulls not distinct with (fillfactor = '80', deduplicate_items = 'off');

-- step create-changeover-slots-once: twin of slots_once
--   lock     SHARE UPDATE EXCLUSIVE on public.slots
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_slots_once')), false)
--   heals    public.changeover_slots_once
create unique index concurrently changeover_slots_once on public.slots using btree (place, hour) nulls not distinct;

-- downgrade

-- step drop-changeover-slots-room
--   lock     SHARE UPDATE EXCLUSIVE on public.slots
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_slots_room') is null
drop index concurrently if exists public.changeover_slots_room;

-- step drop-changeover-slots-once
--   lock     SHARE UPDATE EXCLUSIVE on public.slots
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_slots_once') is null
drop index concurrently if exists public.changeover_slots_once;
