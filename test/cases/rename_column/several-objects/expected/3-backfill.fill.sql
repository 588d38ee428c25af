-- changeover revision 0af01c114b28
-- parent              5e5a4c80bbd0
-- plan                several-objects
-- name                fill
-- change              rename_column app.stock.code to article
-- title               fill article from code
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.stock (code)
-- scope added         article
-- expects             column code 198e9d53d20f
-- expects             constraint "Stock \"code\" starts" b551a207ee9a
-- expects             constraint stock_amount_once 6ad490d53b75
-- expects             constraint stock_code_once e564b0a02e1a
-- expects             constraint stock_code_only 58f01f463e9a
-- expects             constraint stock_code_region c4cc1aa14b4c
-- expects             constraint stock_not_zero 27ee882de414
-- expects             constraint stock_region_code 25fc69935794
-- expects             index stock_amount_once d6072817d23f
-- expects             index stock_code_once a16f9075cb31
-- expects             index stock_open 5253d2ab6a60
-- expects             index stock_own b23c07e2c16d
-- expects             index stock_twice 96e0f7fcc704
-- expects             index stock_wide 5e3ad23303d8
-- expects             table app.stock 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.stock
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            warehouse, id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.stock set article = code
where ctid = any (array(
  select ctid from app.stock where ctid >= $1::tid and ctid < $2::tid and article is null and code is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.stock where ctid >= $1::tid and ctid < $2::tid and article is null and code is not null;

-- due: their keys and row addresses, to name one that fails
select array[warehouse::text, id::text] as key, ctid from app.stock where ctid >= $1::tid and ctid < $2::tid and article is null and code is not null;

-- one: fills the row at $1
update app.stock set article = code where ctid = $1::tid and article is null and code is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where code is distinct from article) as apart from app.stock where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[warehouse::text, id::text] as key from app.stock where ctid >= $1::tid and ctid < $2::tid and code is distinct from article;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select code as value from app.stock where ctid = $1::tid;

-- back: the same, while the new one is
select article as value from app.stock where ctid = $1::tid;

-- downgrade
