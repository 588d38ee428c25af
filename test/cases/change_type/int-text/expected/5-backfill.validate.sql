-- changeover revision 92ffadfdd3fb
-- parent              9b20d1ccb0f2
-- plan                int-text
-- name                validate
-- change              change_type public.orders."Code" to text, using 'c' || "Code"
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.orders ("Code")
-- scope added         "changeover_Code"
-- expects             column Code b09cdaee8b9a
-- expects             index "Orders code" b0a7901a5624
-- expects             table public.orders 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          no: the column has its old type until the switch

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'orders' and s.attname = 'changeover_Code') or not exists (select from public.orders)
analyze public.orders ("changeover_Code");

-- downgrade
