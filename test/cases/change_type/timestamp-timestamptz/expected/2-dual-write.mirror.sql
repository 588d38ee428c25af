-- changeover revision 55dc239fc6f9
-- parent              690cb03b7ca2
-- plan                timestamp-timestamptz
-- name                mirror
-- change              change_type public.events.at to timestamptz, using at at time zone 'Europe/Berlin'
-- title               keep at in both types, in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.events (at)
-- scope added         changeover_at
-- expects             column at 5d4f646443eb
-- expects             index events_at 7fb36b562ca8
-- expects             table public.events 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

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

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('timestamp-timestamptz', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_8e9c0d35_2_sync_insert" on public.events;
drop trigger if exists "~~changeover_8e9c0d35_2_sync_update" on public.events;
drop trigger if exists "~~changeover_8e9c0d35_3_note" on public.events;
drop function if exists changeover.sync_8e9c0d35();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_8e9c0d35(timestamp without time zone, timestamp with time zone);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'timestamp-timestamptz';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'timestamp-timestamptz';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events drop column if exists changeover_at;

-- step add-column: like at
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events add column changeover_at timestamp with time zone;
