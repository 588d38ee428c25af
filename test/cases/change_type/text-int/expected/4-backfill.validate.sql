-- changeover revision 2e7bdd61744c
-- parent              aea771bc51c9
-- plan                text-int
-- name                validate
-- change              change_type public.imports.amount to integer, using amount::integer
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.imports (amount)
-- scope added         changeover_amount
-- expects             column amount 28288ae9463f
-- expects             table public.imports 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.imports
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'imports' and s.attname = 'changeover_amount') or not exists (select from public.imports)
analyze public.imports (changeover_amount);

-- downgrade
