-- changeover revision d1f945dd017e
-- parent              9d7cbdc18c17
-- plan                orders-points
-- name                fill
-- change              change_type shop.orders.points to bigint
-- title               fill points as bigint
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               shop.orders (points)
-- scope added         changeover_points
-- expects             column points a7f37ef568fa
-- expects             constraint orders_points_check e36ce90abc45
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          shop.orders
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  bypass
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update shop.orders set changeover_points = (points::bigint)
where ctid = any (array(
  select ctid from shop.orders where ctid >= $1::tid and ctid < $2::tid and changeover_points is null and points is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from shop.orders where ctid >= $1::tid and ctid < $2::tid and changeover_points is null and points is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from shop.orders where ctid >= $1::tid and ctid < $2::tid and changeover_points is null and points is not null;

-- one: fills the row at $1
update shop.orders set changeover_points = (points::bigint) where ctid = $1::tid and changeover_points is null and points is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_fd771ed3(points, changeover_points) as s from shop.orders where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[id::text] as key, changeover.in_step_fd771ed3(points, changeover_points) as state from shop.orders where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (points::bigint) as value from shop.orders where ctid = $1::tid;

-- back: the same, while the new one is
select (points::integer) as value from shop.orders where ctid = $1::tid;

-- downgrade
