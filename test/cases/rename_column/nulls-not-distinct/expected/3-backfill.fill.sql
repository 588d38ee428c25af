-- changeover revision 61bb94d831ab
-- parent              409745a18a42
-- plan                nulls-not-distinct
-- name                fill
-- change              rename_column public.slots.room to place
-- title               fill place from room
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.slots (room)
-- scope added         place
-- expects             column room 4eff35d3cbe7
-- expects             constraint slots_once e0fde015311d
-- expects             index slots_once cb435b36c607
-- expects             index slots_room 9da2649efe90
-- expects             table public.slots 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          public.slots
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.slots set place = room
where ctid = any (array(
  select ctid from public.slots where ctid >= $1::tid and ctid < $2::tid and place is null and room is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.slots where ctid >= $1::tid and ctid < $2::tid and place is null and room is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.slots where ctid >= $1::tid and ctid < $2::tid and place is null and room is not null;

-- one: fills the row at $1
update public.slots set place = room where ctid = $1::tid and place is null and room is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where room is distinct from place) as apart from public.slots where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from public.slots where ctid >= $1::tid and ctid < $2::tid and room is distinct from place;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select room as value from public.slots where ctid = $1::tid;

-- back: the same, while the new one is
select place as value from public.slots where ctid = $1::tid;

-- downgrade
