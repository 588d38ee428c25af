-- changeover revision 8a7f97146bca
-- parent              86888208177c
-- plan                float
-- name                fill
-- change              rename_column public.points.x to longitude
-- title               fill longitude from x
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.points (x)
-- scope added         longitude
-- expects             column x 9313130adcc2
-- expects             table public.points 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          public.points
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.points set longitude = x
where ctid = any (array(
  select ctid from public.points where ctid >= $1::tid and ctid < $2::tid and longitude is null and x is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.points where ctid >= $1::tid and ctid < $2::tid and longitude is null and x is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.points where ctid >= $1::tid and ctid < $2::tid and longitude is null and x is not null;

-- one: fills the row at $1
update public.points set longitude = x where ctid = $1::tid and longitude is null and x is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where pg_catalog.record_image_ne(row(x), row(longitude))) as apart from public.points where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from public.points where ctid >= $1::tid and ctid < $2::tid and pg_catalog.record_image_ne(row(x), row(longitude));

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select x as value from public.points where ctid = $1::tid;

-- back: the same, while the new one is
select longitude as value from public.points where ctid = $1::tid;

-- downgrade
