-- changeover revision ef4d23de515e
-- parent              d70c4accffc6
-- plan                index-methods
-- name                validate
-- change              rename_column public.places.area to ground
-- title               validate the constraints of ground, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
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
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'places' and s.attname = 'ground') or not exists (select from public.places)
analyze public.places;

-- downgrade
