-- changeover revision 8c3e2a1d298e
-- parent              ab5e68e329f8
-- plan                partitioned
-- name                fill
-- change              change_type app.orders.total to bigint
-- title               fill total as bigint
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.orders (total)
-- scope added         changeover_total
-- expects             column total 43aa6624a39f
-- expects             constraint orders_total_check a66b6671d3e0
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          app.orders
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id, day

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.orders set changeover_total = (total::bigint)
where ctid = any (array(
  select ctid from app.orders where ctid >= $1::tid and ctid < $2::tid and changeover_total is null and total is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.orders where ctid >= $1::tid and ctid < $2::tid and changeover_total is null and total is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text, day::text] as key, ctid from app.orders where ctid >= $1::tid and ctid < $2::tid and changeover_total is null and total is not null;

-- one: fills the row at $1
update app.orders set changeover_total = (total::bigint) where ctid = $1::tid and changeover_total is null and total is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_96ff3f2b(total, changeover_total) as s from app.orders where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[id::text, day::text] as key, changeover.in_step_96ff3f2b(total, changeover_total) as state from app.orders where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (total::bigint) as value from app.orders where ctid = $1::tid;

-- back: the same, while the new one is
select (total::integer) as value from app.orders where ctid = $1::tid;

-- downgrade
