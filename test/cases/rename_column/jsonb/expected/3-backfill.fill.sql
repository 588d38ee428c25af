-- changeover revision 7ab40f2f22ef
-- parent              f6cc69a09143
-- plan                jsonb
-- name                fill
-- change              rename_column public.events.payload to data
-- title               fill data from payload
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.events (payload)
-- scope added         data
-- expects             column payload 5d73ce7fac66
-- expects             constraint payload_is bfe91cbb1129
-- expects             index events_total b0e13ad7c413
-- expects             table public.events 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          public.events
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            kind, id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.events set data = payload
where ctid = any (array(
  select ctid from public.events where ctid >= $1::tid and ctid < $2::tid and data is null and payload is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.events where ctid >= $1::tid and ctid < $2::tid and data is null and payload is not null;

-- due: their keys and row addresses, to name one that fails
select array[kind::text, id::text] as key, ctid from public.events where ctid >= $1::tid and ctid < $2::tid and data is null and payload is not null;

-- one: fills the row at $1
update public.events set data = payload where ctid = $1::tid and data is null and payload is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where pg_catalog.record_image_ne(row(payload), row(data))) as apart from public.events where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[kind::text, id::text] as key from public.events where ctid >= $1::tid and ctid < $2::tid and pg_catalog.record_image_ne(row(payload), row(data));

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select payload as value from public.events where ctid = $1::tid;

-- back: the same, while the new one is
select data as value from public.events where ctid = $1::tid;

-- downgrade
