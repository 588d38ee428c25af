-- changeover revision 781f4bd05f8f
-- parent              none
-- plan                indexes
-- name                add-column
-- change              rename_column public.people.name to full_name
-- title               add column full_name, like name
-- lane                trunk
-- phase               expand
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
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like name
--   lock     ACCESS EXCLUSIVE on public.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.people add column full_name text collate pg_catalog."C";

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.people drop column if exists full_name;
