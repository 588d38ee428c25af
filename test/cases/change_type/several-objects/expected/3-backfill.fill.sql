-- changeover revision 56457579cf09
-- parent              2b6bebe4f2d5
-- plan                several-objects
-- name                fill
-- change              change_type app.stock.code to bigint
-- title               fill code as bigint
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.stock (code)
-- scope added         changeover_code
-- expects             column code 94ba3ece2b90
-- expects             constraint stock_code_even 3a356e9d0ea5
-- expects             constraint stock_code_once e564b0a02e1a
-- expects             constraint stock_code_positive d08146ee8204
-- expects             constraint stock_code_region df13398bd727
-- expects             index stock_brin 4cf19bc3c928
-- expects             index stock_code_once a13086112266
-- expects             index stock_hash e53c1b7de79d
-- expects             index stock_open 33ba3dc9af1e
-- expects             index stock_wide 6a9d1199a501
-- expects             table app.stock 85728e9fabe4
-- expects             trigger touch 9f663ec79def
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          app.stock
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  fire
-- fill key            warehouse, id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.stock set changeover_code = (code::bigint)
where ctid = any (array(
  select ctid from app.stock where ctid >= $1::tid and ctid < $2::tid and changeover_code is null and code is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.stock where ctid >= $1::tid and ctid < $2::tid and changeover_code is null and code is not null;

-- due: their keys and row addresses, to name one that fails
select array[warehouse::text, id::text] as key, ctid from app.stock where ctid >= $1::tid and ctid < $2::tid and changeover_code is null and code is not null;

-- one: fills the row at $1
update app.stock set changeover_code = (code::bigint) where ctid = $1::tid and changeover_code is null and code is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_4f6abf4e(code, changeover_code) as s from app.stock where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[warehouse::text, id::text] as key, changeover.in_step_4f6abf4e(code, changeover_code) as state from app.stock where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (code::bigint) as value from app.stock where ctid = $1::tid;

-- back: the same, while the new one is
select (code::integer) as value from app.stock where ctid = $1::tid;

-- downgrade
