-- changeover revision e07287dceb7a
-- parent              58117c16011b
-- plan                replica-identity
-- name                mirror
-- change              rename_column public.cars.plate to number
-- title               keep plate and number in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.cars (plate)
-- scope added         number
-- expects             column plate 0d661d9eee16
-- expects             index cars_plate 236780cdfb0c
-- expects             table public.cars f6072b5a255b
-- undo gate           idle new for 0s
-- undo gate           functions public.cars.number
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_674b56e8() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.number is not null then
      new.plate := new.number;
    else
      new.number := new.plate;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.number is distinct from old.number
     and not (new.plate is distinct from old.plate
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.plate := new.number;
  elsif new.plate is distinct from old.plate or new.number is null then
    new.number := new.plate;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_674b56e8_2_sync_insert" before insert on public.cars
  for each row when (new.plate is distinct from new.number) execute function changeover.sync_674b56e8();
create trigger "~~changeover_674b56e8_2_sync_update" before update on public.cars
  for each row when (new.plate is distinct from new.number) execute function changeover.sync_674b56e8();
alter table public.cars enable always trigger "~~changeover_674b56e8_2_sync_insert";
alter table public.cars enable always trigger "~~changeover_674b56e8_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_674b56e8_1_old_insert" before insert on public.cars
  for each row when (new.plate is not null and new.number is null and current_setting('changeover.seen_674b56e8_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('replica-identity', 'old', 'changeover.seen_674b56e8_old', '10');
alter table public.cars enable always trigger "~~changeover_674b56e8_1_old_insert";
create trigger "~~changeover_674b56e8_1_old_update" before update of plate on public.cars
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_674b56e8_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('replica-identity', 'old', 'changeover.seen_674b56e8_old', '10');
alter table public.cars enable always trigger "~~changeover_674b56e8_1_old_update";
create trigger "~~changeover_674b56e8_1_new_insert" before insert on public.cars
  for each row when (new.number is not null and current_setting('changeover.seen_674b56e8_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('replica-identity', 'new', 'changeover.seen_674b56e8_new', '60');
alter table public.cars enable always trigger "~~changeover_674b56e8_1_new_insert";
create trigger "~~changeover_674b56e8_1_new_update" before update of number on public.cars
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_674b56e8_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('replica-identity', 'new', 'changeover.seen_674b56e8_new', '60');
alter table public.cars enable always trigger "~~changeover_674b56e8_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('replica-identity', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.cars add constraint changeover_cars_plate_not_null check (number is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.cars add constraint changeover_cars_plate_not_null not null number not valid;

-- downgrade

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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'replica-identity';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.cars drop column if exists number;

-- step add-column: like plate
--   lock     ACCESS EXCLUSIVE on public.cars
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.cars add column number text;
