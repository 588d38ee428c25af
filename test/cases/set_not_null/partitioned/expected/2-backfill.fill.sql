-- changeover revision 4c718de8e86d
-- parent              a7180fbf436f
-- plan                partitioned
-- name                fill
-- change              set_not_null app.events.kind, NULLs become 'none'
-- title               fill the NULLs of kind
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.events (kind)
-- scope not null      kind
-- expects             column kind 4eff35d3cbe7
-- expects             index events_kind_idx 777e574d7271
-- expects             table app.events 500cc083dca4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          app.events
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id, day

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.events set kind = ('none')
where ctid = any (array(
  select ctid from app.events where ctid >= $1::tid and ctid < $2::tid and kind is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.events where ctid >= $1::tid and ctid < $2::tid and kind is null;

-- due: their keys and row addresses, to name one that fails
select array[id::text, day::text] as key, ctid from app.events where ctid >= $1::tid and ctid < $2::tid and kind is null;

-- one: fills the row at $1
update app.events set kind = ('none') where ctid = $1::tid and kind is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where kind is null) as apart from app.events where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text, day::text] as key from app.events where ctid >= $1::tid and ctid < $2::tid and kind is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select ('none') as value from app.events where ctid = $1::tid;

-- downgrade
