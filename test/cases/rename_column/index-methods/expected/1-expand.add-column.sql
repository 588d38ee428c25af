-- changeover revision 8a5babde8ffb
-- parent              none
-- plan                index-methods
-- name                add-column
-- change              rename_column public.places.area to ground
-- title               add column ground, like area
-- lane                trunk
-- phase               expand
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
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like area
--   lock     ACCESS EXCLUSIVE on public.places
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.places add column ground box;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.places
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.places drop column if exists ground;
