-- changeover revision 81767ba5eab2
-- parent              111aa57e6607
-- plan                indexes
-- name                index
-- change              rename_column public.people.name to full_name
-- title               build the indexes of full_name
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.people (name)
-- scope added         full_name
-- expects             column name 476473fe084d
-- expects             index people_city_name 6dac924ed0da
-- expects             index people_long 4e0917e8dbb6
-- expects             index people_lower e11fc215042a
-- expects             index people_name_desc 7115f2a6fb65
-- expects             index people_name_idx ac84f4d95b2f
-- expects             index people_name_pattern 61eaa6b3aa3b
-- expects             index people_unique 40117e0a8569
-- expects             table public.people 85728e9fabe4
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-people-city-name: twin of people_city_name
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_people_city_name')), false)
--   heals    public.changeover_people_city_name
create index concurrently changeover_people_city_name on public.people using btree (city) include (full_name);

-- step create-changeover-people-long: twin of people_long
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_people_long')), false)
--   heals    public.changeover_people_long
create index concurrently changeover_people_long on public.people using btree (city) where ((full_name IS NOT NULL) AND (length(full_name) > 3));

-- step create-changeover-people-lower: twin of people_lower
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_people_lower')), false)
--   heals    public.changeover_people_lower
create index concurrently changeover_people_lower on public.people using btree ((lower(full_name)), (((full_name || '; "name" -- name'::text))));

-- step create-changeover-people-name-desc: twin of people_name_desc
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_people_name_desc')), false)
--   heals    public.changeover_people_name_desc
create index concurrently changeover_people_name_desc on public.people using btree (full_name desc nulls last, city collate pg_catalog."POSIX" nulls first);

-- step create-changeover-people-name-idx: twin of people_name_idx
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_people_name_idx')), false)
--   heals    public.changeover_people_name_idx
create index concurrently changeover_people_name_idx on public.people using btree (full_name);

-- step create-changeover-people-name-pattern: twin of people_name_pattern
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_people_name_pattern')), false)
--   heals    public.changeover_people_name_pattern
create index concurrently changeover_people_name_pattern on public.people using btree (full_name pg_catalog.text_pattern_ops) with (fillfactor = '70');

-- step create-changeover-people-unique: twin of people_unique
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_people_unique')), false)
--   heals    public.changeover_people_unique
create unique index concurrently changeover_people_unique on public.people using btree (tenant, full_name);

-- downgrade

-- step drop-changeover-people-city-name
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_people_city_name') is null
drop index concurrently if exists public.changeover_people_city_name;

-- step drop-changeover-people-long
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_people_long') is null
drop index concurrently if exists public.changeover_people_long;

-- step drop-changeover-people-lower
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_people_lower') is null
drop index concurrently if exists public.changeover_people_lower;

-- step drop-changeover-people-name-desc
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_people_name_desc') is null
drop index concurrently if exists public.changeover_people_name_desc;

-- step drop-changeover-people-name-idx
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_people_name_idx') is null
drop index concurrently if exists public.changeover_people_name_idx;

-- step drop-changeover-people-name-pattern
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_people_name_pattern') is null
drop index concurrently if exists public.changeover_people_name_pattern;

-- step drop-changeover-people-unique
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_people_unique') is null
drop index concurrently if exists public.changeover_people_unique;
