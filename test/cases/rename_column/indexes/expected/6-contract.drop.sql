-- changeover revision b65eca9bc5d9
-- parent              20affc273594
-- plan                indexes
-- name                drop
-- change              rename_column public.people.name to full_name
-- title               drop name; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
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
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.people.name
-- deploy old          no: column name is gone
-- deploy new          yes: the change is complete
-- irreversible        column name was dropped; rename full_name back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.people
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_8729ca25_2_sync_insert" on public.people;
drop trigger if exists "~~changeover_8729ca25_2_sync_update" on public.people;
drop trigger if exists "~~changeover_8729ca25_1_old_insert" on public.people;
drop trigger if exists "~~changeover_8729ca25_1_old_update" on public.people;
drop trigger if exists "~~changeover_8729ca25_1_new_insert" on public.people;
drop trigger if exists "~~changeover_8729ca25_1_new_update" on public.people;
drop function if exists changeover.sync_8729ca25();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.people drop column name;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on public.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index public.changeover_people_city_name rename to people_city_name;
alter index public.changeover_people_long rename to people_long;
alter index public.changeover_people_lower rename to people_lower;
alter index public.changeover_people_name_desc rename to people_name_desc;
alter index public.changeover_people_name_idx rename to people_name_idx;
alter index public.changeover_people_name_pattern rename to people_name_pattern;
alter index public.changeover_people_unique rename to people_unique;
comment on index public.people_lower is 'for search';
alter table public.people cluster on people_name_idx;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'indexes';

-- downgrade
