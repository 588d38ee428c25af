-- changeover revision 214c424129f1
-- parent              7eac6c5bf221
-- plan                empty
-- name                fill
-- change              set_not_null public.nothing.a, NULLs become 'b'
-- title               fill the NULLs of a
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.nothing (a)
-- scope not null      a
-- expects             column a ed856259f67b
-- expects             table public.nothing 968b76992e65
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          public.nothing
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.nothing set a = ('b')
where ctid = any (array(
  select ctid from public.nothing where ctid >= $1::tid and ctid < $2::tid and a is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.nothing where ctid >= $1::tid and ctid < $2::tid and a is null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.nothing where ctid >= $1::tid and ctid < $2::tid and a is null;

-- one: fills the row at $1
update public.nothing set a = ('b') where ctid = $1::tid and a is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where a is null) as apart from public.nothing where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from public.nothing where ctid >= $1::tid and ctid < $2::tid and a is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select ('b') as value from public.nothing where ctid = $1::tid;

-- downgrade
