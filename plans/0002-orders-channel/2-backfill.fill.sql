-- changeover revision 378a8e976027
-- parent              b23ed6d103da
-- plan                orders-channel
-- name                fill
-- change              set_not_null shop.orders.channel, NULLs become 'web'
-- title               fill the NULLs of channel
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               shop.orders (channel)
-- scope not null      channel
-- expects             column channel 4eff35d3cbe7
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          shop.orders
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  bypass
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update shop.orders set channel = ('web')
where ctid = any (array(
  select ctid from shop.orders where ctid >= $1::tid and ctid < $2::tid and channel is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from shop.orders where ctid >= $1::tid and ctid < $2::tid and channel is null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from shop.orders where ctid >= $1::tid and ctid < $2::tid and channel is null;

-- one: fills the row at $1
update shop.orders set channel = ('web') where ctid = $1::tid and channel is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where channel is null) as apart from shop.orders where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from shop.orders where ctid >= $1::tid and ctid < $2::tid and channel is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select ('web') as value from shop.orders where ctid = $1::tid;

-- downgrade
