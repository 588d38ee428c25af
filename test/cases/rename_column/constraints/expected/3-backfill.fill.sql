-- changeover revision fb167f9b7d45
-- parent              ffee00b04039
-- plan                constraints
-- name                fill
-- change              rename_column app.orders.customer to customer_id
-- title               fill customer_id from customer
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.orders (customer)
-- scope added         customer_id
-- expects             column customer 4ec341b2ded4
-- expects             constraint orders_both 9715193248e9
-- expects             constraint orders_customer_fk 5d4c9e3b9268
-- expects             constraint orders_customer_once c0666277770b
-- expects             constraint orders_customer_positive 49cca8bfaf34
-- expects             constraint orders_old 39160d7e7d56
-- expects             constraint orders_region_fk 1dc13839c732
-- expects             index orders_customer_once 2f685972b7c2
-- expects             table app.orders 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.orders
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.orders set customer_id = customer
where ctid = any (array(
  select ctid from app.orders where ctid >= $1::tid and ctid < $2::tid and customer_id is null and customer is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.orders where ctid >= $1::tid and ctid < $2::tid and customer_id is null and customer is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.orders where ctid >= $1::tid and ctid < $2::tid and customer_id is null and customer is not null;

-- one: fills the row at $1
update app.orders set customer_id = customer where ctid = $1::tid and customer_id is null and customer is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where customer is distinct from customer_id) as apart from app.orders where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.orders where ctid >= $1::tid and ctid < $2::tid and customer is distinct from customer_id;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select customer as value from app.orders where ctid = $1::tid;

-- back: the same, while the new one is
select customer_id as value from app.orders where ctid = $1::tid;

-- downgrade
