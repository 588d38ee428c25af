-- changeover revision f4b69780d1b5
-- parent              ef4d23de515e
-- plan                index-methods
-- name                drop
-- change              rename_column public.places.area to ground
-- title               drop area; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.places (area)
-- scope added         ground
-- expects             column area 4d3a3729e5d4
-- expects             index places_brin c5a2b8576edb
-- expects             index places_gin eeecb6a2f210
-- expects             index places_gist d9e6856d1dfd
-- expects             index places_gist_and eda41e7c3414
-- expects             index places_hash 6e6742252b3d
-- expects             index places_spgist f61000f95862
-- expects             table public.places 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.places.area
-- deploy old          no: column area is gone
-- deploy new          yes: the change is complete
-- irreversible        column area was dropped; rename ground back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.places
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_14b3115b_2_sync_insert" on public.places;
drop trigger if exists "~~changeover_14b3115b_2_sync_update" on public.places;
drop trigger if exists "~~changeover_14b3115b_1_old_insert" on public.places;
drop trigger if exists "~~changeover_14b3115b_1_old_update" on public.places;
drop trigger if exists "~~changeover_14b3115b_1_new_insert" on public.places;
drop trigger if exists "~~changeover_14b3115b_1_new_update" on public.places;
drop function if exists changeover.sync_14b3115b();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.places
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.places drop column area;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on public.places
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index public.changeover_places_brin rename to places_brin;
alter index public.changeover_places_gin rename to places_gin;
alter index public.changeover_places_gist rename to places_gist;
alter index public.changeover_places_gist_and rename to places_gist_and;
alter index public.changeover_places_hash rename to places_hash;
alter index public.changeover_places_spgist rename to places_spgist;
comment on index public.places_gist is 'where it is';

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'index-methods';

-- downgrade
