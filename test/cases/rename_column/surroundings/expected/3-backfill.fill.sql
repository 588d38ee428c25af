-- changeover revision 96938dbaafb6
-- parent              5aceaa4d6888
-- plan                surroundings
-- name                fill
-- change              rename_column app.accounts.balance to cents
-- title               fill cents from balance
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.accounts (balance)
-- scope added         cents
-- expects             column balance 43aa6624a39f
-- expects             table app.accounts 05b19abbc2ab
-- expects             trigger watch 67ae9c0750e2
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.accounts
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.accounts set cents = balance
where ctid = any (array(
  select ctid from app.accounts where ctid >= $1::tid and ctid < $2::tid and cents is null and balance is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.accounts where ctid >= $1::tid and ctid < $2::tid and cents is null and balance is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.accounts where ctid >= $1::tid and ctid < $2::tid and cents is null and balance is not null;

-- one: fills the row at $1
update app.accounts set cents = balance where ctid = $1::tid and cents is null and balance is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where balance is distinct from cents) as apart from app.accounts where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.accounts where ctid >= $1::tid and ctid < $2::tid and balance is distinct from cents;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select balance as value from app.accounts where ctid = $1::tid;

-- back: the same, while the new one is
select cents as value from app.accounts where ctid = $1::tid;

-- downgrade
