-- changeover revision 9635a6f2ae2b
-- parent              15bf4fd3d660
-- plan                replica-identity
-- name                index
-- change              rename_column public.cars.plate to number
-- title               build the indexes of number
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.cars (plate)
-- scope added         number
-- expects             column plate 0d661d9eee16
-- expects             index cars_plate 236780cdfb0c
-- expects             table public.cars f6072b5a255b
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-cars-plate: twin of cars_plate
--   lock     SHARE UPDATE EXCLUSIVE on public.cars
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_cars_plate')), false)
--   heals    public.changeover_cars_plate
create unique index concurrently changeover_cars_plate on public.cars using btree (number);

-- downgrade

-- step drop-changeover-cars-plate
--   lock     SHARE UPDATE EXCLUSIVE on public.cars
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_cars_plate') is null
drop index concurrently if exists public.changeover_cars_plate;
