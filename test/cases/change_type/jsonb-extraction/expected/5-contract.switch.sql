-- changeover revision 7b417078dec4
-- parent              1771ae003be4
-- plan                jsonb-extraction
-- name                switch
-- change              change_type public.docs.size to integer, using (size ->> 'px')::integer
-- title               size becomes integer; the old one is kept in step beside it
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.docs (size)
-- scope added         changeover_size
-- scope not null      size
-- expects             column size 44f4fbbc7a50
-- expects             table public.docs 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- undo gate           reversible
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type

-- upgrade

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs rename column size to changeover_df39ddf5_swap;
alter table public.docs rename column changeover_size to size;
alter table public.docs rename column changeover_df39ddf5_swap to changeover_size;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_df39ddf5(jsonb, integer);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_df39ddf5() returns trigger language plpgsql as $$
declare
  there integer;
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.size is not null then
      begin
        new.changeover_size := (case when new.size is not null then ('{"unit":"px","px":' || new.size::text || '}')::jsonb end);
        there := ((new.changeover_size ->> 'px')::integer);
        if there is distinct from new.size then perform pg_catalog.set_config('changeover.unmirrored_df39ddf5', 'back inexact', true); end if;
      exception when others then
        new.changeover_size := null;
        perform pg_catalog.set_config('changeover.unmirrored_df39ddf5', 'back ' || sqlstate, true);
      end;
    else
      begin
        new.size := ((new.changeover_size ->> 'px')::integer);
      exception when others then
        new.size := null;
        perform pg_catalog.set_config('changeover.unmirrored_df39ddf5', 'forth ' || sqlstate, true);
      end;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.size is distinct from old.size
     and not (pg_catalog.record_image_ne(row(new.changeover_size), row(old.changeover_size))
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.changeover_size := (case when new.size is not null then ('{"unit":"px","px":' || new.size::text || '}')::jsonb end);
      there := ((new.changeover_size ->> 'px')::integer);
      if there is distinct from new.size then perform pg_catalog.set_config('changeover.unmirrored_df39ddf5', 'back inexact', true); end if;
    exception when others then
      new.changeover_size := null;
      perform pg_catalog.set_config('changeover.unmirrored_df39ddf5', 'back ' || sqlstate, true);
    end;
  elsif pg_catalog.record_image_ne(row(new.changeover_size), row(old.changeover_size)) or new.size is null then
    begin
      new.size := ((new.changeover_size ->> 'px')::integer);
    exception when others then
      new.size := null;
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
  for each row when (new.changeover_size is not null or new.size is not null) execute function changeover.sync_df39ddf5();
alter table public.docs enable always trigger "~~changeover_df39ddf5_2_sync_insert";
create or replace trigger "~~changeover_df39ddf5_2_sync_update" before update on public.docs
  for each row when ((pg_catalog.record_image_ne(row(old.changeover_size), row(new.changeover_size)) or old.size is distinct from new.size or (new.size is null and new.changeover_size is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else pg_catalog.record_image_ne(row(old.changeover_size), row(new.changeover_size)) end)) execute function changeover.sync_df39ddf5();
alter table public.docs enable always trigger "~~changeover_df39ddf5_2_sync_update";
create or replace trigger "~~changeover_df39ddf5_3_note" before insert or update on public.docs
  for each row when (coalesce(current_setting('changeover.unmirrored_df39ddf5', true), '') <> '') execute function changeover.note('jsonb-extraction', 'changeover.unmirrored_df39ddf5', 'changeover.seen_df39ddf5_unmirrored', '10', 'id');
alter table public.docs enable always trigger "~~changeover_df39ddf5_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_df39ddf5(new_side integer, old_side jsonb) returns integer language plpgsql stable as $$
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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'jsonb-extraction';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'jsonb-extraction';

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_df39ddf5_1_old_insert" before insert on public.docs
  for each row when (new.changeover_size is not null and new.size is null and current_setting('changeover.seen_df39ddf5_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('jsonb-extraction', 'old', 'changeover.seen_df39ddf5_old', '10');
alter table public.docs enable always trigger "~~changeover_df39ddf5_1_old_insert";
create trigger "~~changeover_df39ddf5_1_old_update" before update of changeover_size on public.docs
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_df39ddf5_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('jsonb-extraction', 'old', 'changeover.seen_df39ddf5_old', '10');
alter table public.docs enable always trigger "~~changeover_df39ddf5_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('jsonb-extraction', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'public.docs'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_df39ddf5_1_old_insert" on public.docs;
drop trigger if exists "~~changeover_df39ddf5_1_old_update" on public.docs;

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs rename column size to changeover_df39ddf5_swap;
alter table public.docs rename column changeover_size to size;
alter table public.docs rename column changeover_df39ddf5_swap to changeover_size;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_df39ddf5(integer, jsonb);

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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'jsonb-extraction';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'jsonb-extraction';

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('jsonb-extraction', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'public.docs'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;
