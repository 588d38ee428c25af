-- changeover revision 1bf5c0c434e5
-- parent              2af0bdf2667b
-- plan                nulls-not-distinct
-- name                drop
-- change              rename_column public.slots.room to place
-- title               drop room; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.slots (room)
-- scope added         place
-- expects             column room 4eff35d3cbe7
-- expects             constraint slots_once e0fde015311d
-- expects             index slots_once cb435b36c607
-- expects             index slots_room 9da2649efe90
-- expects             table public.slots 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.slots.room
-- deploy old          no: column room is gone
-- deploy new          yes: the change is complete
-- irreversible        column room was dropped; rename place back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.slots
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_909ffb56_2_sync_insert" on public.slots;
drop trigger if exists "~~changeover_909ffb56_2_sync_update" on public.slots;
drop trigger if exists "~~changeover_909ffb56_1_old_insert" on public.slots;
drop trigger if exists "~~changeover_909ffb56_1_old_update" on public.slots;
drop trigger if exists "~~changeover_909ffb56_1_new_insert" on public.slots;
drop trigger if exists "~~changeover_909ffb56_1_new_update" on public.slots;
drop function if exists changeover.sync_909ffb56();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.slots
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.slots drop column room;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on public.slots
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.slots add constraint slots_once unique using index changeover_slots_once;
alter index public.changeover_slots_room rename to slots_room;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'nulls-not-distinct';

-- downgrade
