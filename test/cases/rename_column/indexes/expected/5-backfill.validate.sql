-- changeover revision 20affc273594
-- parent              81767ba5eab2
-- plan                indexes
-- name                validate
-- change              rename_column public.people.name to full_name
-- title               validate the constraints of full_name, gather its statistics
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
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.people
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'people' and s.attname = 'full_name') or not exists (select from public.people)
analyze public.people;

-- downgrade
