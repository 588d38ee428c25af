-- changeover revision d70c4accffc6
-- parent              f4e1d0d78c88
-- plan                index-methods
-- name                index
-- change              rename_column public.places.area to ground
-- title               build the indexes of ground
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
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-places-brin: twin of places_brin
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_places_brin')), false)
--   heals    public.changeover_places_brin
create index concurrently changeover_places_brin on public.places using brin (ground, id) with (pages_per_range = '8', autosummarize = 'on');

-- step create-changeover-places-gin: twin of places_gin
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_places_gin')), false)
--   heals    public.changeover_places_gin
create index concurrently changeover_places_gin on public.places using gin ((string_to_array((ground)::text, ','::text)), ((ARRAY[note]))) with (fastupdate = 'off');

-- step create-changeover-places-gist: twin of places_gist
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_places_gist')), false)
--   heals    public.changeover_places_gist
create index concurrently changeover_places_gist on public.places using gist (ground) with (fillfactor = '80', buffering = 'off');

-- step create-changeover-places-gist-and: twin of places_gist_and
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_places_gist_and')), false)
--   heals    public.changeover_places_gist_and
create index concurrently changeover_places_gist_and on public.places using gist (ground) include (id) where (note IS NOT NULL);

-- step create-changeover-places-hash: twin of places_hash
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_places_hash')), false)
--   heals    public.changeover_places_hash
create index concurrently changeover_places_hash on public.places using hash ((((ground)::text)));

-- step create-changeover-places-spgist: twin of places_spgist
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_places_spgist')), false)
--   heals    public.changeover_places_spgist
create index concurrently changeover_places_spgist on public.places using spgist (ground);

-- downgrade

-- step drop-changeover-places-brin
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_places_brin') is null
drop index concurrently if exists public.changeover_places_brin;

-- step drop-changeover-places-gin
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_places_gin') is null
drop index concurrently if exists public.changeover_places_gin;

-- step drop-changeover-places-gist
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_places_gist') is null
drop index concurrently if exists public.changeover_places_gist;

-- step drop-changeover-places-gist-and
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_places_gist_and') is null
drop index concurrently if exists public.changeover_places_gist_and;

-- step drop-changeover-places-hash
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_places_hash') is null
drop index concurrently if exists public.changeover_places_hash;

-- step drop-changeover-places-spgist
--   lock     SHARE UPDATE EXCLUSIVE on public.places
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_places_spgist') is null
drop index concurrently if exists public.changeover_places_spgist;
