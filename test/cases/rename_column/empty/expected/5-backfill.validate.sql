-- changeover revision 35cc4b865c38
-- parent              099f39590a52
-- plan                empty
-- name                validate
-- change              rename_column public.nothing.a to b
-- title               validate the constraints of b, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.nothing (a)
-- scope added         b
-- expects             column a 43aa6624a39f
-- expects             constraint nothing_a_check 0cb2680f5e13
-- expects             constraint nothing_a_key e7e51ecc2975
-- expects             index nothing_a_idx bb0cba42e419
-- expects             index nothing_a_key dde1517ba966
-- expects             table public.nothing 968b76992e65
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-nothing-a-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.nothing
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.nothing') and c.conname = 'changeover_nothing_a_not_null' and c.convalidated)
alter table public.nothing validate constraint changeover_nothing_a_not_null;

-- step validate-changeover-nothing-a-check
--   lock     SHARE UPDATE EXCLUSIVE on public.nothing
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.nothing') and c.conname = 'changeover_nothing_a_check' and c.convalidated)
alter table public.nothing validate constraint changeover_nothing_a_check;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.nothing
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'nothing' and s.attname = 'b') or not exists (select from public.nothing)
analyze public.nothing (b);

-- downgrade
