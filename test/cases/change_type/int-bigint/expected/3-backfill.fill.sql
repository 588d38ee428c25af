-- changeover revision 876294f47727
-- parent              7571bfe94703
-- plan                int-bigint
-- name                fill
-- change              change_type public.orders.total to bigint
-- title               fill total as bigint
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.orders (total)
-- scope added         changeover_total
-- expects             column total a7f37ef568fa
-- expects             table public.orders 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          public.orders
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.orders set changeover_total = (total::bigint)
where ctid = any (array(
  select ctid from public.orders where ctid >= $1::tid and ctid < $2::tid and changeover_total is null and total is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.orders where ctid >= $1::tid and ctid < $2::tid and changeover_total is null and total is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.orders where ctid >= $1::tid and ctid < $2::tid and changeover_total is null and total is not null;

-- one: fills the row at $1
update public.orders set changeover_total = (total::bigint) where ctid = $1::tid and changeover_total is null and total is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_a8f6f431(total, changeover_total) as s from public.orders where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[id::text] as key, changeover.in_step_a8f6f431(total, changeover_total) as state from public.orders where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (total::bigint) as value from public.orders where ctid = $1::tid;

-- back: the same, while the new one is
select (total::integer) as value from public.orders where ctid = $1::tid;

-- downgrade
