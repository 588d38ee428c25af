-- changeover revision 276315f7406f
-- parent              410ee4a65a5c
-- plan                numeric-scale
-- name                fill
-- change              change_type public.prices.price to numeric(12, 2)
-- title               fill price as numeric(12,2)
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.prices (price)
-- scope added         changeover_price
-- expects             column price 1cc0f043cc46
-- expects             constraint price_not_negative c94438632b54
-- expects             table public.prices 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          public.prices
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.prices set changeover_price = (price::numeric(12,2))
where ctid = any (array(
  select ctid from public.prices where ctid >= $1::tid and ctid < $2::tid and changeover_price is null and price is not null and (price::numeric(12,2)) is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.prices where ctid >= $1::tid and ctid < $2::tid and changeover_price is null and price is not null and (price::numeric(12,2)) is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.prices where ctid >= $1::tid and ctid < $2::tid and changeover_price is null and price is not null and (price::numeric(12,2)) is not null;

-- one: fills the row at $1
update public.prices set changeover_price = (price::numeric(12,2)) where ctid = $1::tid and changeover_price is null and price is not null and (price::numeric(12,2)) is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_9e70d30c(price, changeover_price) as s from public.prices where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[id::text] as key, changeover.in_step_9e70d30c(price, changeover_price) as state from public.prices where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (price::numeric(12,2)) as value from public.prices where ctid = $1::tid;

-- back: the same, while the new one is
select (price::numeric(12,4)) as value from public.prices where ctid = $1::tid;

-- downgrade
