-- changeover revision 09927864caac
-- parent              06ca60bca790
-- plan                timestamp-timestamptz
-- name                switch
-- change              change_type public.events.at to timestamptz, using at at time zone 'Europe/Berlin'
-- title               at becomes timestamp with time zone; the old one is kept in step beside it
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.events (at)
-- scope added         changeover_at
-- scope not null      at
-- expects             column at 50ac74013fe2
-- expects             index events_at 7fb36b562ca8
-- expects             table public.events 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- undo gate           reversible
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type

-- upgrade

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events rename column at to changeover_8e9c0d35_swap;
alter table public.events rename column changeover_at to at;
alter table public.events rename column changeover_8e9c0d35_swap to changeover_at;
alter index public.events_at rename to changeover_8e9c0d35_swap;
alter index public.changeover_events_at rename to events_at;
alter index public.changeover_8e9c0d35_swap rename to changeover_events_at;
alter table public.events_at rename column changeover_at to at;

-- step marks
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
comment on index public.events_at is 'lately';

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_8e9c0d35(timestamp without time zone, timestamp with time zone);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_8e9c0d35() returns trigger language plpgsql as $$
declare
  there timestamp with time zone;
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.at is not null then
      begin
        new.changeover_at := (new.at at time zone 'Europe/Berlin');
        there := (new.changeover_at at time zone 'Europe/Berlin');
        if there is distinct from new.at then perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'back inexact', true); end if;
      exception when others then
        new.changeover_at := null;
        perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'back ' || sqlstate, true);
      end;
    else
      begin
        new.at := (new.changeover_at at time zone 'Europe/Berlin');
      exception when others then
        new.at := null;
        perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'forth ' || sqlstate, true);
      end;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.at is distinct from old.at
     and not (new.changeover_at is distinct from old.changeover_at
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.changeover_at := (new.at at time zone 'Europe/Berlin');
      there := (new.changeover_at at time zone 'Europe/Berlin');
      if there is distinct from new.at then perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'back inexact', true); end if;
    exception when others then
      new.changeover_at := null;
      perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'back ' || sqlstate, true);
    end;
  elsif new.changeover_at is distinct from old.changeover_at or new.at is null then
    begin
      new.at := (new.changeover_at at time zone 'Europe/Berlin');
    exception when others then
      new.at := null;
      perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'forth ' || sqlstate, true);
    end;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_8e9c0d35_2_sync_insert" before insert on public.events
  for each row when (new.changeover_at is not null or new.at is not null) execute function changeover.sync_8e9c0d35();
alter table public.events enable always trigger "~~changeover_8e9c0d35_2_sync_insert";
create or replace trigger "~~changeover_8e9c0d35_2_sync_update" before update on public.events
  for each row when ((old.changeover_at is distinct from new.changeover_at or old.at is distinct from new.at or (new.at is null and new.changeover_at is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.changeover_at is distinct from new.changeover_at end)) execute function changeover.sync_8e9c0d35();
alter table public.events enable always trigger "~~changeover_8e9c0d35_2_sync_update";
create or replace trigger "~~changeover_8e9c0d35_3_note" before insert or update on public.events
  for each row when (coalesce(current_setting('changeover.unmirrored_8e9c0d35', true), '') <> '') execute function changeover.note('timestamp-timestamptz', 'changeover.unmirrored_8e9c0d35', 'changeover.seen_8e9c0d35_unmirrored', '10', 'id');
alter table public.events enable always trigger "~~changeover_8e9c0d35_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_8e9c0d35(new_side timestamp with time zone, old_side timestamp without time zone) returns integer language plpgsql stable as $$
declare
  there timestamp with time zone;
  back timestamp without time zone;
  failed boolean := false;
begin
  begin
    there := (old_side at time zone 'Europe/Berlin');
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (new_side at time zone 'Europe/Berlin');
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
delete from changeover.sighting where plan = 'timestamp-timestamptz';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'timestamp-timestamptz';

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_8e9c0d35_1_old_insert" before insert on public.events
  for each row when (new.changeover_at is not null and new.at is null and current_setting('changeover.seen_8e9c0d35_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('timestamp-timestamptz', 'old', 'changeover.seen_8e9c0d35_old', '10');
alter table public.events enable always trigger "~~changeover_8e9c0d35_1_old_insert";
create trigger "~~changeover_8e9c0d35_1_old_update" before update of changeover_at on public.events
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_8e9c0d35_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('timestamp-timestamptz', 'old', 'changeover.seen_8e9c0d35_old', '10');
alter table public.events enable always trigger "~~changeover_8e9c0d35_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('timestamp-timestamptz', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'public.events'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_8e9c0d35_1_old_insert" on public.events;
drop trigger if exists "~~changeover_8e9c0d35_1_old_update" on public.events;

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events rename column at to changeover_8e9c0d35_swap;
alter table public.events rename column changeover_at to at;
alter table public.events rename column changeover_8e9c0d35_swap to changeover_at;
alter index public.events_at rename to changeover_8e9c0d35_swap;
alter index public.changeover_events_at rename to events_at;
alter index public.changeover_8e9c0d35_swap rename to changeover_events_at;
alter table public.changeover_events_at rename column at to changeover_at;

-- step marks
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
comment on index public.changeover_events_at is null;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_8e9c0d35(timestamp with time zone, timestamp without time zone);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_8e9c0d35() returns trigger language plpgsql as $$
declare
  there timestamp with time zone;
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_at is not null then
      begin
        new.at := (new.changeover_at at time zone 'Europe/Berlin');
        there := (new.at at time zone 'Europe/Berlin');
        if there is distinct from new.changeover_at then perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'back inexact', true); end if;
      exception when others then
        new.at := null;
        perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'back ' || sqlstate, true);
      end;
    else
      begin
        new.changeover_at := (new.at at time zone 'Europe/Berlin');
      exception when others then
        new.changeover_at := null;
        perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'forth ' || sqlstate, true);
      end;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.changeover_at is distinct from old.changeover_at
     and not (new.at is distinct from old.at
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.at := (new.changeover_at at time zone 'Europe/Berlin');
      there := (new.at at time zone 'Europe/Berlin');
      if there is distinct from new.changeover_at then perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'back inexact', true); end if;
    exception when others then
      new.at := null;
      perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'back ' || sqlstate, true);
    end;
  elsif new.at is distinct from old.at or new.changeover_at is null then
    begin
      new.changeover_at := (new.at at time zone 'Europe/Berlin');
    exception when others then
      new.changeover_at := null;
      perform pg_catalog.set_config('changeover.unmirrored_8e9c0d35', 'forth ' || sqlstate, true);
    end;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_8e9c0d35_2_sync_insert" before insert on public.events
  for each row when (new.at is not null or new.changeover_at is not null) execute function changeover.sync_8e9c0d35();
alter table public.events enable always trigger "~~changeover_8e9c0d35_2_sync_insert";
create or replace trigger "~~changeover_8e9c0d35_2_sync_update" before update on public.events
  for each row when ((old.at is distinct from new.at or old.changeover_at is distinct from new.changeover_at or (new.changeover_at is null and new.at is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.at is distinct from new.at end)) execute function changeover.sync_8e9c0d35();
alter table public.events enable always trigger "~~changeover_8e9c0d35_2_sync_update";
create or replace trigger "~~changeover_8e9c0d35_3_note" before insert or update on public.events
  for each row when (coalesce(current_setting('changeover.unmirrored_8e9c0d35', true), '') <> '') execute function changeover.note('timestamp-timestamptz', 'changeover.unmirrored_8e9c0d35', 'changeover.seen_8e9c0d35_unmirrored', '10', 'id');
alter table public.events enable always trigger "~~changeover_8e9c0d35_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_8e9c0d35(old_side timestamp without time zone, new_side timestamp with time zone) returns integer language plpgsql stable as $$
declare
  there timestamp with time zone;
  back timestamp without time zone;
  failed boolean := false;
begin
  begin
    there := (old_side at time zone 'Europe/Berlin');
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (new_side at time zone 'Europe/Berlin');
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
delete from changeover.sighting where plan = 'timestamp-timestamptz';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'timestamp-timestamptz';

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('timestamp-timestamptz', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'public.events'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;
