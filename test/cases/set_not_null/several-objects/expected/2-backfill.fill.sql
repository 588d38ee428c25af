-- changeover revision f80e3600991f
-- parent              dccc6f498071
-- plan                several-objects
-- name                fill
-- change              set_not_null app.goods.kind, NULLs become id % 7 + shop
-- title               fill the NULLs of kind
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.goods (kind, id, shop)
-- scope not null      kind
-- expects             column id 43aa6624a39f
-- expects             column kind a8f95273a1cd
-- expects             column shop 43aa6624a39f
-- expects             constraint goods_kind 20556fe92d56
-- expects             constraint goods_kind_fkey cfd6ff8f6d48
-- expects             constraint goods_kind_given b1220a294d95
-- expects             constraint goods_kind_price 621d6361fb5a
-- expects             constraint goods_pkey bd95ed24542b
-- expects             index goods_expr_kind_idx 101648430fd4
-- expects             index goods_kind 559e98b886c3
-- expects             index goods_kind_idx f85ba1b26903
-- expects             index goods_pkey 517a66c9bd02
-- expects             statistics app.goods_stats 2371f5339f3e
-- expects             table app.goods 85728e9fabe4
-- expects             view app.kinds_of 6f78e2e2453f
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          app.goods
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            shop, id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.goods set kind = (id % 7 + shop)
where ctid = any (array(
  select ctid from app.goods where ctid >= $1::tid and ctid < $2::tid and kind is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.goods where ctid >= $1::tid and ctid < $2::tid and kind is null;

-- due: their keys and row addresses, to name one that fails
select array[shop::text, id::text] as key, ctid from app.goods where ctid >= $1::tid and ctid < $2::tid and kind is null;

-- one: fills the row at $1
update app.goods set kind = (id % 7 + shop) where ctid = $1::tid and kind is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where kind is null) as apart from app.goods where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[shop::text, id::text] as key from app.goods where ctid >= $1::tid and ctid < $2::tid and kind is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (id % 7 + shop) as value from app.goods where ctid = $1::tid;

-- downgrade
