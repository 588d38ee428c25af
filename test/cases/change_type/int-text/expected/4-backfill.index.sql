-- changeover revision 796107452b15
-- parent              e572616fccff
-- plan                int-text
-- name                index
-- change              change_type public.orders."Code" to text, using -- what it is called 'c -- step ' || "Code"
-- title               build the indexes of Code over its new type
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.orders ("Code")
-- scope added         "changeover_Code"
-- expects             column Code b09cdaee8b9a
-- expects             index "Orders code" b0a7901a5624
-- expects             table public.orders 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step create-changeover-orders-code: twin of Orders code
--   lock     SHARE UPDATE EXCLUSIVE on public.orders
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public."changeover_Orders code"')), false)
--   heals    public."changeover_Orders code"
create index concurrently "changeover_Orders code" on public.orders using btree ("changeover_Code" desc nulls last);

-- downgrade

-- step drop-changeover-orders-code
--   lock     SHARE UPDATE EXCLUSIVE on public.orders
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public."changeover_Orders code"') is null
drop index concurrently if exists public."changeover_Orders code";
