-- changeover revision 16321c50f093
-- parent              796107452b15
-- plan                int-text
-- name                validate
-- change              change_type public.orders."Code" to text, using -- what it is called 'c -- step ' || "Code"
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
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.orders
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'orders' and s.attname = 'changeover_Code') or not exists (select from public.orders)
analyze public.orders ("changeover_Code");

-- downgrade
