-- changeover revision 409745a18a42
-- parent              da9d0d71246a
-- plan                nulls-not-distinct
-- name                mirror
-- change              rename_column public.slots.room to place
-- title               keep room and place in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.slots (room)
-- scope added         place
-- expects             column room 4eff35d3cbe7
-- expects             constraint slots_once e0fde015311d
-- expects             index slots_once cb435b36c607
-- expects             index slots_room 9da2649efe90
-- expects             table public.slots 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions public.slots.place
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_909ffb56() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.place is not null then
      new.room := new.place;
    else
      new.place := new.room;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.place is distinct from old.place
     and not (new.room is distinct from old.room
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.room := new.place;
  elsif new.room is distinct from old.room or new.place is null then
    new.place := new.room;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.slots
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_909ffb56_2_sync_insert" before insert on public.slots
  for each row when (new.room is distinct from new.place) execute function changeover.sync_909ffb56();
create trigger "~~changeover_909ffb56_2_sync_update" before update on public.slots
  for each row when (new.room is distinct from new.place) execute function changeover.sync_909ffb56();
alter table public.slots enable always trigger "~~changeover_909ffb56_2_sync_insert";
alter table public.slots enable always trigger "~~changeover_909ffb56_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.slots
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_909ffb56_1_old_insert" before insert on public.slots
  for each row when (new.room is not null and new.place is null and current_setting('changeover.seen_909ffb56_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('nulls-not-distinct', 'old', 'changeover.seen_909ffb56_old', '10');
alter table public.slots enable always trigger "~~changeover_909ffb56_1_old_insert";
create trigger "~~changeover_909ffb56_1_old_update" before update of room on public.slots
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_909ffb56_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('nulls-not-distinct', 'old', 'changeover.seen_909ffb56_old', '10');
alter table public.slots enable always trigger "~~changeover_909ffb56_1_old_update";
create trigger "~~changeover_909ffb56_1_new_insert" before insert on public.slots
  for each row when (new.place is not null and current_setting('changeover.seen_909ffb56_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('nulls-not-distinct', 'new', 'changeover.seen_909ffb56_new', '60');
alter table public.slots enable always trigger "~~changeover_909ffb56_1_new_insert";
create trigger "~~changeover_909ffb56_1_new_update" before update of place on public.slots
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_909ffb56_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('nulls-not-distinct', 'new', 'changeover.seen_909ffb56_new', '60');
alter table public.slots enable always trigger "~~changeover_909ffb56_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('nulls-not-distinct', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.slots
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_909ffb56_2_sync_insert" on public.slots;
drop trigger if exists "~~changeover_909ffb56_2_sync_update" on public.slots;
drop trigger if exists "~~changeover_909ffb56_1_old_insert" on public.slots;
drop trigger if exists "~~changeover_909ffb56_1_old_update" on public.slots;
drop trigger if exists "~~changeover_909ffb56_1_new_insert" on public.slots;
drop trigger if exists "~~changeover_909ffb56_1_new_update" on public.slots;
drop function if exists changeover.sync_909ffb56();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'nulls-not-distinct';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.slots
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.slots drop column if exists place;

-- step add-column: like room
--   lock     ACCESS EXCLUSIVE on public.slots
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.slots add column place text;
