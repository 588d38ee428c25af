-- changeover revision 0f307eb1053b
-- parent              900107e8d8fc
-- plan                orders-customer
-- name                fill
-- change              rename_column shop.orders.user_id to customer_id
-- title               fill customer_id from user_id
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               shop.orders (user_id)
-- scope added         customer_id
-- expects             column user_id 6bdc8b342126
-- expects             constraint orders_user_id_fkey 42b31b53a77f
-- expects             index orders_open_idx f5e659a7c3fa
-- expects             index orders_user_id_created_at_idx bece5c59a313
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          shop.orders
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  bypass
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update shop.orders set customer_id = user_id
where ctid = any (array(
  select ctid from shop.orders where ctid >= $1::tid and ctid < $2::tid and customer_id is null and user_id is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from shop.orders where ctid >= $1::tid and ctid < $2::tid and customer_id is null and user_id is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from shop.orders where ctid >= $1::tid and ctid < $2::tid and customer_id is null and user_id is not null;

-- one: fills the row at $1
update shop.orders set customer_id = user_id where ctid = $1::tid and customer_id is null and user_id is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where user_id is distinct from customer_id) as apart from shop.orders where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from shop.orders where ctid >= $1::tid and ctid < $2::tid and user_id is distinct from customer_id;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select user_id as value from shop.orders where ctid = $1::tid;

-- back: the same, while the new one is
select customer_id as value from shop.orders where ctid = $1::tid;

-- downgrade
