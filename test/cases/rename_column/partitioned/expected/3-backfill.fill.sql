-- changeover revision 3092e514c989
-- parent              ada0fe02cf76
-- plan                partitioned
-- name                fill
-- change              rename_column app.orders.total to amount
-- title               fill amount from total
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total 43aa6624a39f
-- expects             constraint orders_total_check a66b6671d3e0
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.orders
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id, day

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.orders set amount = total
where ctid = any (array(
  select ctid from app.orders where ctid >= $1::tid and ctid < $2::tid and amount is null and total is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.orders where ctid >= $1::tid and ctid < $2::tid and amount is null and total is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text, day::text] as key, ctid from app.orders where ctid >= $1::tid and ctid < $2::tid and amount is null and total is not null;

-- one: fills the row at $1
update app.orders set amount = total where ctid = $1::tid and amount is null and total is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where total is distinct from amount) as apart from app.orders where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text, day::text] as key from app.orders where ctid >= $1::tid and ctid < $2::tid and total is distinct from amount;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select total as value from app.orders where ctid = $1::tid;

-- back: the same, while the new one is
select amount as value from app.orders where ctid = $1::tid;

-- downgrade
