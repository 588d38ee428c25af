-- changeover revision f4e1d0d78c88
-- parent              219f484781b0
-- plan                index-methods
-- name                fill
-- change              rename_column public.places.area to ground
-- title               fill ground from area
-- lane                tail
-- phase               backfill
-- runner              backfill
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
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          public.places
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.places set ground = area
where ctid = any (array(
  select ctid from public.places where ctid >= $1::tid and ctid < $2::tid and ground is null and area is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.places where ctid >= $1::tid and ctid < $2::tid and ground is null and area is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.places where ctid >= $1::tid and ctid < $2::tid and ground is null and area is not null;

-- one: fills the row at $1
update public.places set ground = area where ctid = $1::tid and ground is null and area is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where pg_catalog.record_image_ne(row(area), row(ground))) as apart from public.places where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from public.places where ctid >= $1::tid and ctid < $2::tid and pg_catalog.record_image_ne(row(area), row(ground));

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select area as value from public.places where ctid = $1::tid;

-- back: the same, while the new one is
select ground as value from public.places where ctid = $1::tid;

-- downgrade
