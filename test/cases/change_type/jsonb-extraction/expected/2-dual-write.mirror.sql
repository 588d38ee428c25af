-- changeover revision 1d2e63803c6a
-- parent              51074253ce00
-- plan                jsonb-extraction
-- name                mirror
-- change              change_type public.docs.size to integer, using (size ->> 'px')::integer
-- title               keep size in both types, in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.docs (size)
-- scope added         changeover_size
-- expects             column size 44f4fbbc7a50
-- expects             table public.docs 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_df39ddf5() returns trigger language plpgsql as $$
declare
  there integer;
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_size is not null then
      begin
        new.size := (case when new.changeover_size is not null then ('{"unit":"px","px":' || new.changeover_size::text || '}')::jsonb end);
        there := ((new.size ->> 'px')::integer);
        if there is distinct from new.changeover_size then perform pg_catalog.set_config('changeover.unmirrored_df39ddf5', 'back inexact', true); end if;
      exception when others then
        new.size := null;
        perform pg_catalog.set_config('changeover.unmirrored_df39ddf5', 'back ' || sqlstate, true);
      end;
    else
      begin
        new.changeover_size := ((new.size ->> 'px')::integer);
      exception when others then
        new.changeover_size := null;
        perform pg_catalog.set_config('changeover.unmirrored_df39ddf5', 'forth ' || sqlstate, true);
      end;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.changeover_size is distinct from old.changeover_size
     and not (pg_catalog.record_image_ne(row(new.size), row(old.size))
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.size := (case when new.changeover_size is not null then ('{"unit":"px","px":' || new.changeover_size::text || '}')::jsonb end);
      there := ((new.size ->> 'px')::integer);
      if there is distinct from new.changeover_size then perform pg_catalog.set_config('changeover.unmirrored_df39ddf5', 'back inexact', true); end if;
    exception when others then
      new.size := null;
      perform pg_catalog.set_config('changeover.unmirrored_df39ddf5', 'back ' || sqlstate, true);
    end;
  elsif pg_catalog.record_image_ne(row(new.size), row(old.size)) or new.changeover_size is null then
    begin
      new.changeover_size := ((new.size ->> 'px')::integer);
    exception when others then
      new.changeover_size := null;
      perform pg_catalog.set_config('changeover.unmirrored_df39ddf5', 'forth ' || sqlstate, true);
    end;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_df39ddf5_2_sync_insert" before insert on public.docs
  for each row when (new.size is not null or new.changeover_size is not null) execute function changeover.sync_df39ddf5();
alter table public.docs enable always trigger "~~changeover_df39ddf5_2_sync_insert";
create or replace trigger "~~changeover_df39ddf5_2_sync_update" before update on public.docs
  for each row when ((pg_catalog.record_image_ne(row(old.size), row(new.size)) or old.changeover_size is distinct from new.changeover_size or (new.changeover_size is null and new.size is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else pg_catalog.record_image_ne(row(old.size), row(new.size)) end)) execute function changeover.sync_df39ddf5();
alter table public.docs enable always trigger "~~changeover_df39ddf5_2_sync_update";
create or replace trigger "~~changeover_df39ddf5_3_note" before insert or update on public.docs
  for each row when (coalesce(current_setting('changeover.unmirrored_df39ddf5', true), '') <> '') execute function changeover.note('jsonb-extraction', 'changeover.unmirrored_df39ddf5', 'changeover.seen_df39ddf5_unmirrored', '10', 'id');
alter table public.docs enable always trigger "~~changeover_df39ddf5_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_df39ddf5(old_side jsonb, new_side integer) returns integer language plpgsql stable as $$
declare
  there integer;
  back jsonb;
  failed boolean := false;
begin
  begin
    there := ((old_side ->> 'px')::integer);
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (case when new_side is not null then ('{"unit":"px","px":' || new_side::text || '}')::jsonb end);
  exception when others then
    back := null;
    return case when not (pg_catalog.record_image_ne(row(back), row(old_side))) then 2 else 0 end;
  end;
  -- It comes back as what is there, and would go forth as another value: what the new side holds would be lost.
  return case when not (pg_catalog.record_image_ne(row(back), row(old_side))) then 2 else 0 end;
end
$$;

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('jsonb-extraction', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_df39ddf5_2_sync_insert" on public.docs;
drop trigger if exists "~~changeover_df39ddf5_2_sync_update" on public.docs;
drop trigger if exists "~~changeover_df39ddf5_3_note" on public.docs;
drop function if exists changeover.sync_df39ddf5();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_df39ddf5(jsonb, integer);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'jsonb-extraction';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'jsonb-extraction';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs drop column if exists changeover_size;

-- step add-column: like size
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs add column changeover_size integer;
