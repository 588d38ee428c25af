-- changeover revision 1999d32feed9
-- parent              faee458a1093
-- plan                empty
-- name                fill
-- change              rename_column public.nothing.a to b
-- title               fill b from a
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.nothing (a)
-- scope added         b
-- expects             column a 43aa6624a39f
-- expects             constraint nothing_a_check 0cb2680f5e13
-- expects             constraint nothing_a_key e7e51ecc2975
-- expects             index nothing_a_idx bb0cba42e419
-- expects             index nothing_a_key dde1517ba966
-- expects             table public.nothing 968b76992e65
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          public.nothing
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.nothing set b = a
where ctid = any (array(
  select ctid from public.nothing where ctid >= $1::tid and ctid < $2::tid and b is null and a is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.nothing where ctid >= $1::tid and ctid < $2::tid and b is null and a is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.nothing where ctid >= $1::tid and ctid < $2::tid and b is null and a is not null;

-- one: fills the row at $1
update public.nothing set b = a where ctid = $1::tid and b is null and a is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where a is distinct from b) as apart from public.nothing where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from public.nothing where ctid >= $1::tid and ctid < $2::tid and a is distinct from b;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select a as value from public.nothing where ctid = $1::tid;

-- back: the same, while the new one is
select b as value from public.nothing where ctid = $1::tid;

-- downgrade
