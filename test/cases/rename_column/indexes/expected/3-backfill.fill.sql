-- changeover revision 111aa57e6607
-- parent              fdb1a46db9b2
-- plan                indexes
-- name                fill
-- change              rename_column public.people.name to full_name
-- title               fill full_name from name
-- lane                tail
-- phase               backfill
-- runner              backfill
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
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          public.people
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            tenant, id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.people set full_name = name
where ctid = any (array(
  select ctid from public.people where ctid >= $1::tid and ctid < $2::tid and full_name is null and name is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.people where ctid >= $1::tid and ctid < $2::tid and full_name is null and name is not null;

-- due: their keys and row addresses, to name one that fails
select array[tenant::text, id::text] as key, ctid from public.people where ctid >= $1::tid and ctid < $2::tid and full_name is null and name is not null;

-- one: fills the row at $1
update public.people set full_name = name where ctid = $1::tid and full_name is null and name is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where name is distinct from full_name) as apart from public.people where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[tenant::text, id::text] as key from public.people where ctid >= $1::tid and ctid < $2::tid and name is distinct from full_name;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select name as value from public.people where ctid = $1::tid;

-- back: the same, while the new one is
select full_name as value from public.people where ctid = $1::tid;

-- downgrade
