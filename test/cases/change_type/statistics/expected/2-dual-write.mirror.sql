-- changeover revision aab6926bcf5a
-- parent              b89e288c8012
-- plan                statistics
-- name                mirror
-- change              change_type app.readings.sensor to bigint
-- title               keep sensor in both types, in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.readings (sensor)
-- scope added         changeover_sensor
-- expects             column sensor cd2b9d5895ba
-- expects             statistics "\"Stats\".\"Of readings\"" ed5264ac4872
-- expects             statistics app.readings_all fc234c61469d
-- expects             statistics app.readings_one cdcc56ddbeb7
-- expects             table app.readings 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_49d48431() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_sensor is not null then
      begin
        new.sensor := (new.changeover_sensor::integer);
      exception when others then
        new.sensor := null;
        perform pg_catalog.set_config('changeover.unmirrored_49d48431', 'back ' || sqlstate, true);
      end;
    else
      new.changeover_sensor := (new.sensor::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.changeover_sensor is distinct from old.changeover_sensor
     and not (new.sensor is distinct from old.sensor
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.sensor := (new.changeover_sensor::integer);
    exception when others then
      new.sensor := null;
      perform pg_catalog.set_config('changeover.unmirrored_49d48431', 'back ' || sqlstate, true);
    end;
  elsif new.sensor is distinct from old.sensor or new.changeover_sensor is null then
    new.changeover_sensor := (new.sensor::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_49d48431_2_sync_insert" before insert on app.readings
  for each row when (new.sensor is not null or new.changeover_sensor is not null) execute function changeover.sync_49d48431();
alter table app.readings enable always trigger "~~changeover_49d48431_2_sync_insert";
create or replace trigger "~~changeover_49d48431_2_sync_update" before update on app.readings
  for each row when ((old.sensor is distinct from new.sensor or old.changeover_sensor is distinct from new.changeover_sensor or (new.changeover_sensor is null and new.sensor is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.sensor is distinct from new.sensor end)) execute function changeover.sync_49d48431();
alter table app.readings enable always trigger "~~changeover_49d48431_2_sync_update";
create or replace trigger "~~changeover_49d48431_3_note" before insert or update on app.readings
  for each row when (coalesce(current_setting('changeover.unmirrored_49d48431', true), '') <> '') execute function changeover.note('statistics', 'changeover.unmirrored_49d48431', 'changeover.seen_49d48431_unmirrored', '10', 'id');
alter table app.readings enable always trigger "~~changeover_49d48431_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_49d48431(old_side integer, new_side bigint) returns integer language plpgsql stable as $$
declare
  there bigint;
  back integer;
  failed boolean := false;
begin
  begin
    there := (old_side::bigint);
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (new_side::integer);
  exception when others then
    back := null;
    return case when not (back is distinct from old_side) then 2 else 0 end;
  end;
  -- It comes back as what is there, and would go forth as another value: what the new side holds would be lost.
  return case when not (back is distinct from old_side) then 2 else 0 end;
end
$$;

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('statistics', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.readings add constraint changeover_readings_sensor_not_null check (changeover_sensor is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.readings add constraint changeover_readings_sensor_not_null not null changeover_sensor not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_49d48431_2_sync_insert" on app.readings;
drop trigger if exists "~~changeover_49d48431_2_sync_update" on app.readings;
drop trigger if exists "~~changeover_49d48431_3_note" on app.readings;
drop function if exists changeover.sync_49d48431();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_49d48431(integer, bigint);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'statistics';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'statistics';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings drop column if exists changeover_sensor;

-- step add-column: like sensor
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings add column changeover_sensor bigint;
