-- changeover revision b043d88b5751
-- parent              968e667fbece
-- plan                statistics
-- name                mirror
-- change              rename_column app.readings.sensor to probe
-- title               keep sensor and probe in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.readings (sensor)
-- scope added         probe
-- expects             column sensor cd2b9d5895ba
-- expects             statistics "\"Stats\".\"Of readings\"" ed5264ac4872
-- expects             statistics app.readings_all fc234c61469d
-- expects             statistics app.readings_one cdcc56ddbeb7
-- expects             table app.readings 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.readings.probe
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_49d48431() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.probe is not null then
      new.sensor := new.probe;
    else
      new.probe := new.sensor;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.probe is distinct from old.probe
     and not (new.sensor is distinct from old.sensor
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.sensor := new.probe;
  elsif new.sensor is distinct from old.sensor or new.probe is null then
    new.probe := new.sensor;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_49d48431_2_sync_insert" before insert on app.readings
  for each row when (new.sensor is distinct from new.probe) execute function changeover.sync_49d48431();
create trigger "~~changeover_49d48431_2_sync_update" before update on app.readings
  for each row when (new.sensor is distinct from new.probe) execute function changeover.sync_49d48431();
alter table app.readings enable always trigger "~~changeover_49d48431_2_sync_insert";
alter table app.readings enable always trigger "~~changeover_49d48431_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_49d48431_1_old_insert" before insert on app.readings
  for each row when (new.sensor is not null and new.probe is null and current_setting('changeover.seen_49d48431_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('statistics', 'old', 'changeover.seen_49d48431_old', '10');
alter table app.readings enable always trigger "~~changeover_49d48431_1_old_insert";
create trigger "~~changeover_49d48431_1_old_update" before update of sensor on app.readings
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_49d48431_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('statistics', 'old', 'changeover.seen_49d48431_old', '10');
alter table app.readings enable always trigger "~~changeover_49d48431_1_old_update";
create trigger "~~changeover_49d48431_1_new_insert" before insert on app.readings
  for each row when (new.probe is not null and current_setting('changeover.seen_49d48431_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('statistics', 'new', 'changeover.seen_49d48431_new', '60');
alter table app.readings enable always trigger "~~changeover_49d48431_1_new_insert";
create trigger "~~changeover_49d48431_1_new_update" before update of probe on app.readings
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_49d48431_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('statistics', 'new', 'changeover.seen_49d48431_new', '60');
alter table app.readings enable always trigger "~~changeover_49d48431_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('statistics', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.readings add constraint changeover_readings_sensor_not_null check (probe is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.readings add constraint changeover_readings_sensor_not_null not null probe not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_49d48431_2_sync_insert" on app.readings;
drop trigger if exists "~~changeover_49d48431_2_sync_update" on app.readings;
drop trigger if exists "~~changeover_49d48431_1_old_insert" on app.readings;
drop trigger if exists "~~changeover_49d48431_1_old_update" on app.readings;
drop trigger if exists "~~changeover_49d48431_1_new_insert" on app.readings;
drop trigger if exists "~~changeover_49d48431_1_new_update" on app.readings;
drop function if exists changeover.sync_49d48431();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'statistics';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings drop column if exists probe;

-- step add-column: like sensor
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings add column probe integer;
