-- changeover revision 15bf4fd3d660
-- parent              e07287dceb7a
-- plan                replica-identity
-- name                fill
-- change              rename_column public.cars.plate to number
-- title               fill number from plate
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.cars (plate)
-- scope added         number
-- expects             column plate 0d661d9eee16
-- expects             index cars_plate 236780cdfb0c
-- expects             table public.cars f6072b5a255b
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          public.cars
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            plate

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.cars set number = plate
where ctid = any (array(
  select ctid from public.cars where ctid >= $1::tid and ctid < $2::tid and number is null and plate is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.cars where ctid >= $1::tid and ctid < $2::tid and number is null and plate is not null;

-- due: their keys and row addresses, to name one that fails
select array[plate::text] as key, ctid from public.cars where ctid >= $1::tid and ctid < $2::tid and number is null and plate is not null;

-- one: fills the row at $1
update public.cars set number = plate where ctid = $1::tid and number is null and plate is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where plate is distinct from number) as apart from public.cars where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[plate::text] as key from public.cars where ctid >= $1::tid and ctid < $2::tid and plate is distinct from number;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select plate as value from public.cars where ctid = $1::tid;

-- back: the same, while the new one is
select number as value from public.cars where ctid = $1::tid;

-- downgrade
