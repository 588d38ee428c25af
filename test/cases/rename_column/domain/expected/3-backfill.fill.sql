-- changeover revision 92eaa81f0275
-- parent              981a4eb3821d
-- plan                domain
-- name                fill
-- change              rename_column app.items.price to net_price
-- title               fill net_price from price
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.items (price)
-- scope added         net_price
-- expects             column price a7130e7492ba
-- expects             index items_price_idx 55f9bafd2eba
-- expects             table app.items 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.items
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.items set net_price = price
where ctid = any (array(
  select ctid from app.items where ctid >= $1::tid and ctid < $2::tid and net_price is null and price is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.items where ctid >= $1::tid and ctid < $2::tid and net_price is null and price is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.items where ctid >= $1::tid and ctid < $2::tid and net_price is null and price is not null;

-- one: fills the row at $1
update app.items set net_price = price where ctid = $1::tid and net_price is null and price is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where pg_catalog.record_image_ne(row(price), row(net_price))) as apart from app.items where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.items where ctid >= $1::tid and ctid < $2::tid and pg_catalog.record_image_ne(row(price), row(net_price));

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select price as value from app.items where ctid = $1::tid;

-- back: the same, while the new one is
select net_price as value from app.items where ctid = $1::tid;

-- downgrade
