-- changeover revision 37a01e771487
-- parent              9635a6f2ae2b
-- plan                replica-identity
-- name                validate
-- change              rename_column public.cars.plate to number
-- title               validate the constraints of number, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.cars (plate)
-- scope added         number
-- expects             column plate 0d661d9eee16
-- expects             index cars_plate 236780cdfb0c
-- expects             table public.cars f6072b5a255b
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-cars-plate-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.cars
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.cars') and c.conname = 'changeover_cars_plate_not_null' and c.convalidated)
alter table public.cars validate constraint changeover_cars_plate_not_null;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.cars
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'cars' and s.attname = 'number') or not exists (select from public.cars)
analyze public.cars (number);

-- downgrade
