-- changeover revision 9e26f25e0dae
-- parent              1d2e63803c6a
-- plan                jsonb-extraction
-- name                fill
-- change              change_type public.docs.size to integer, using (size ->> 'px')::integer
-- title               fill size as integer
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.docs (size)
-- scope added         changeover_size
-- expects             column size 44f4fbbc7a50
-- expects             table public.docs 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          public.docs
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.docs set changeover_size = ((size ->> 'px')::integer)
where ctid = any (array(
  select ctid from public.docs where ctid >= $1::tid and ctid < $2::tid and changeover_size is null and size is not null and ((size ->> 'px')::integer) is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.docs where ctid >= $1::tid and ctid < $2::tid and changeover_size is null and size is not null and ((size ->> 'px')::integer) is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.docs where ctid >= $1::tid and ctid < $2::tid and changeover_size is null and size is not null and ((size ->> 'px')::integer) is not null;

-- one: fills the row at $1
update public.docs set changeover_size = ((size ->> 'px')::integer) where ctid = $1::tid and changeover_size is null and size is not null and ((size ->> 'px')::integer) is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_df39ddf5(size, changeover_size) as s from public.docs where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[id::text] as key, changeover.in_step_df39ddf5(size, changeover_size) as state from public.docs where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select ((size ->> 'px')::integer) as value from public.docs where ctid = $1::tid;

-- back: the same, while the new one is
select (case when size is not null then ('{"unit":"px","px":' || size::text || '}')::jsonb end) as value from public.docs where ctid = $1::tid;

-- downgrade
