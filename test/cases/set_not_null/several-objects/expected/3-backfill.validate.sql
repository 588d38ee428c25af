-- changeover revision 122154f463f0
-- parent              f80e3600991f
-- plan                several-objects
-- name                validate
-- change              set_not_null app.goods.kind, NULLs become id % 7 + shop
-- title               validate that kind holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
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

-- upgrade

-- step validate-changeover-goods-kind-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.goods
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.goods') and c.conname = 'changeover_goods_kind_not_null' and c.convalidated)
alter table app.goods validate constraint changeover_goods_kind_not_null;

-- downgrade
