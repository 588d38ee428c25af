-- changeover revision cdd9be1fecf8
-- parent              a719af59c8cc
-- plan                statistics
-- name                switch
-- change              change_type app.readings.sensor to bigint
-- title               sensor becomes bigint; the old one is kept in step beside it
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.readings (sensor)
-- scope added         changeover_sensor
-- scope not null      sensor
-- expects             column sensor 19fb11580437
-- expects             statistics "\"Stats\".\"Of readings\"" ed5264ac4872
-- expects             statistics app.readings_all fc234c61469d
-- expects             statistics app.readings_one cdcc56ddbeb7
-- expects             table app.readings 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- undo gate           reversible
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type

-- upgrade

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings rename column sensor to changeover_49d48431_swap;
alter table app.readings rename column changeover_sensor to sensor;
alter table app.readings rename column changeover_49d48431_swap to changeover_sensor;
alter statistics "Stats"."Of readings" rename to changeover_49d48431_swap;
alter statistics "Stats"."changeover_Of readings" rename to "Of readings";
alter statistics "Stats".changeover_49d48431_swap rename to "changeover_Of readings";
alter statistics app.readings_all rename to changeover_49d48431_swap;
alter statistics app.changeover_readings_all rename to readings_all;
alter statistics app.changeover_49d48431_swap rename to changeover_readings_all;
alter statistics app.readings_one rename to changeover_49d48431_swap;
alter statistics app.changeover_readings_one rename to readings_one;
alter statistics app.changeover_49d48431_swap rename to changeover_readings_one;

-- step move-default
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings alter column sensor set default 1;
alter table app.readings alter column changeover_sensor drop default;

-- step marks
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
comment on statistics app.readings_all is 'they go together';

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_49d48431(integer, bigint);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_49d48431() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.sensor is not null then
      begin
        new.changeover_sensor := (new.sensor::integer);
      exception when others then
        new.changeover_sensor := null;
        perform pg_catalog.set_config('changeover.unmirrored_49d48431', 'back ' || sqlstate, true);
      end;
    else
      new.sensor := (new.changeover_sensor::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.sensor is distinct from old.sensor
     and not (new.changeover_sensor is distinct from old.changeover_sensor
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.changeover_sensor := (new.sensor::integer);
    exception when others then
      new.changeover_sensor := null;
      perform pg_catalog.set_config('changeover.unmirrored_49d48431', 'back ' || sqlstate, true);
    end;
  elsif new.changeover_sensor is distinct from old.changeover_sensor or new.sensor is null then
    new.sensor := (new.changeover_sensor::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_49d48431_2_sync_insert" before insert on app.readings
  for each row when (new.changeover_sensor is not null or new.sensor is not null) execute function changeover.sync_49d48431();
alter table app.readings enable always trigger "~~changeover_49d48431_2_sync_insert";
create or replace trigger "~~changeover_49d48431_2_sync_update" before update on app.readings
  for each row when ((old.changeover_sensor is distinct from new.changeover_sensor or old.sensor is distinct from new.sensor or (new.sensor is null and new.changeover_sensor is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.changeover_sensor is distinct from new.changeover_sensor end)) execute function changeover.sync_49d48431();
alter table app.readings enable always trigger "~~changeover_49d48431_2_sync_update";
create or replace trigger "~~changeover_49d48431_3_note" before insert or update on app.readings
  for each row when (coalesce(current_setting('changeover.unmirrored_49d48431', true), '') <> '') execute function changeover.note('statistics', 'changeover.unmirrored_49d48431', 'changeover.seen_49d48431_unmirrored', '10', 'id');
alter table app.readings enable always trigger "~~changeover_49d48431_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_49d48431(new_side bigint, old_side integer) returns integer language plpgsql stable as $$
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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'statistics';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'statistics';

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_49d48431_1_old_insert" before insert on app.readings
  for each row when (new.changeover_sensor is not null and new.sensor is null and current_setting('changeover.seen_49d48431_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('statistics', 'old', 'changeover.seen_49d48431_old', '10');
alter table app.readings enable always trigger "~~changeover_49d48431_1_old_insert";
create trigger "~~changeover_49d48431_1_old_update" before update of changeover_sensor on app.readings
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_49d48431_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('statistics', 'old', 'changeover.seen_49d48431_old', '10');
alter table app.readings enable always trigger "~~changeover_49d48431_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('statistics', 'epoch', session_user, '', 0);

-- step recompile-functions: sessions compile the functions over the column again
--   timeout  lock 2s, statement 10s
--   work     catalog
do $$
declare
  f record;
begin
  for f in
    select p.oid::pg_catalog.regprocedure as name, p.procost as cost
      from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      join pg_catalog.pg_language l on l.oid = p.prolang
     where l.lanname = 'plpgsql' and p.prokind = 'f' and n.nspname <> 'changeover' and (
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'app.readings'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_49d48431_1_old_insert" on app.readings;
drop trigger if exists "~~changeover_49d48431_1_old_update" on app.readings;

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings rename column sensor to changeover_49d48431_swap;
alter table app.readings rename column changeover_sensor to sensor;
alter table app.readings rename column changeover_49d48431_swap to changeover_sensor;
alter statistics "Stats"."Of readings" rename to changeover_49d48431_swap;
alter statistics "Stats"."changeover_Of readings" rename to "Of readings";
alter statistics "Stats".changeover_49d48431_swap rename to "changeover_Of readings";
alter statistics app.readings_all rename to changeover_49d48431_swap;
alter statistics app.changeover_readings_all rename to readings_all;
alter statistics app.changeover_49d48431_swap rename to changeover_readings_all;
alter statistics app.readings_one rename to changeover_49d48431_swap;
alter statistics app.changeover_readings_one rename to readings_one;
alter statistics app.changeover_49d48431_swap rename to changeover_readings_one;

-- step move-default
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings alter column sensor set default 1;
alter table app.readings alter column changeover_sensor drop default;

-- step marks
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
comment on statistics app.changeover_readings_all is null;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_49d48431(bigint, integer);

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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'statistics';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'statistics';

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('statistics', 'epoch', session_user, '', 0);

-- step recompile-functions: sessions compile the functions over the column again
--   timeout  lock 2s, statement 10s
--   work     catalog
do $$
declare
  f record;
begin
  for f in
    select p.oid::pg_catalog.regprocedure as name, p.procost as cost
      from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      join pg_catalog.pg_language l on l.oid = p.prolang
     where l.lanname = 'plpgsql' and p.prokind = 'f' and n.nspname <> 'changeover' and (
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'app.readings'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;
