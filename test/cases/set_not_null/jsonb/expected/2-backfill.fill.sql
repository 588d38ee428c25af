-- changeover revision 4886012f9534
-- parent              c8fe6bd53c3a
-- plan                jsonb
-- name                fill
-- change              set_not_null public.events.payload, NULLs become jsonb_build_object('n', n, 'key?', '{}'::jsonb)
-- title               fill the NULLs of payload
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.events (payload, n)
-- scope not null      payload
-- expects             column n bfd2d6625c7c
-- expects             column payload 44f4fbbc7a50
-- expects             index events_payload_idx 608d215e7f9b
-- expects             table public.events 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          public.events
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.events set payload = (jsonb_build_object('n', n, 'key?', '{}'::jsonb))
where ctid = any (array(
  select ctid from public.events where ctid >= $1::tid and ctid < $2::tid and payload is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.events where ctid >= $1::tid and ctid < $2::tid and payload is null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.events where ctid >= $1::tid and ctid < $2::tid and payload is null;

-- one: fills the row at $1
update public.events set payload = (jsonb_build_object('n', n, 'key?', '{}'::jsonb)) where ctid = $1::tid and payload is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where payload is null) as apart from public.events where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from public.events where ctid >= $1::tid and ctid < $2::tid and payload is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (jsonb_build_object('n', n, 'key?', '{}'::jsonb)) as value from public.events where ctid = $1::tid;

-- downgrade
