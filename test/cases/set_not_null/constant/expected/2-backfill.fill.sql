-- changeover revision 18e4bcdd9f5d
-- parent              d815785cd468
-- plan                constant
-- name                fill
-- change              set_not_null app.orders.channel, NULLs become 'web'
-- title               fill the NULLs of channel
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.orders (channel)
-- scope not null      channel
-- expects             column channel 4eff35d3cbe7
-- expects             index orders_channel_idx eeaf558813b7
-- expects             table app.orders 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          app.orders
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.orders set channel = ('web')
where ctid = any (array(
  select ctid from app.orders where ctid >= $1::tid and ctid < $2::tid and channel is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.orders where ctid >= $1::tid and ctid < $2::tid and channel is null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.orders where ctid >= $1::tid and ctid < $2::tid and channel is null;

-- one: fills the row at $1
update app.orders set channel = ('web') where ctid = $1::tid and channel is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where channel is null) as apart from app.orders where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.orders where ctid >= $1::tid and ctid < $2::tid and channel is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select ('web') as value from app.orders where ctid = $1::tid;

-- downgrade
