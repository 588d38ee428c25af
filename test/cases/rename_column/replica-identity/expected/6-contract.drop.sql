-- changeover revision 8fc135b3218f
-- parent              37a01e771487
-- plan                replica-identity
-- name                drop
-- change              rename_column public.cars.plate to number
-- title               drop plate; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.cars (plate)
-- scope added         number
-- expects             column plate 0d661d9eee16
-- expects             index cars_plate 236780cdfb0c
-- expects             table public.cars f6072b5a255b
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.cars.plate
-- deploy old          no: column plate is gone
-- deploy new          yes: the change is complete
-- irreversible        column plate was dropped; rename number back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_674b56e8_2_sync_insert" on public.cars;
drop trigger if exists "~~changeover_674b56e8_2_sync_update" on public.cars;
drop trigger if exists "~~changeover_674b56e8_1_old_insert" on public.cars;
drop trigger if exists "~~changeover_674b56e8_1_old_update" on public.cars;
drop trigger if exists "~~changeover_674b56e8_1_new_insert" on public.cars;
drop trigger if exists "~~changeover_674b56e8_1_new_update" on public.cars;
drop function if exists changeover.sync_674b56e8();

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.cars alter column number set not null;

-- step replica-identity
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.cars replica identity using index changeover_cars_plate;

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.cars drop column plate;

-- step set-not-null-2: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.cars alter column number set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.cars drop constraint if exists changeover_cars_plate_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.cars rename constraint changeover_cars_plate_not_null to cars_plate_not_null;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index public.changeover_cars_plate rename to cars_plate;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'replica-identity';

-- downgrade
