-- changeover revision c1543245d022
-- parent              55dc239fc6f9
-- plan                timestamp-timestamptz
-- name                fill
-- change              change_type public.events.at to timestamptz, using at at time zone 'Europe/Berlin'
-- title               fill at as timestamp with time zone
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.events (at)
-- scope added         changeover_at
-- expects             column at 5d4f646443eb
-- expects             index events_at 7fb36b562ca8
-- expects             table public.events 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          public.events
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.events set changeover_at = (at at time zone 'Europe/Berlin')
where ctid = any (array(
  select ctid from public.events where ctid >= $1::tid and ctid < $2::tid and changeover_at is null and at is not null and (at at time zone 'Europe/Berlin') is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.events where ctid >= $1::tid and ctid < $2::tid and changeover_at is null and at is not null and (at at time zone 'Europe/Berlin') is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.events where ctid >= $1::tid and ctid < $2::tid and changeover_at is null and at is not null and (at at time zone 'Europe/Berlin') is not null;

-- one: fills the row at $1
update public.events set changeover_at = (at at time zone 'Europe/Berlin') where ctid = $1::tid and changeover_at is null and at is not null and (at at time zone 'Europe/Berlin') is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_8e9c0d35(at, changeover_at) as s from public.events where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[id::text] as key, changeover.in_step_8e9c0d35(at, changeover_at) as state from public.events where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (at at time zone 'Europe/Berlin') as value from public.events where ctid = $1::tid;

-- back: the same, while the new one is
select (at at time zone 'Europe/Berlin') as value from public.events where ctid = $1::tid;

-- downgrade
