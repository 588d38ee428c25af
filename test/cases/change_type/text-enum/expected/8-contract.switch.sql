-- changeover revision 64e4c5533ec5
-- parent              31d33eea0bb1
-- plan                text-enum
-- name                switch
-- change              change_type app.people.mood to app.mood, using mood::app.mood
-- title               mood becomes app.mood; the old one is kept in step beside it
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.people (mood)
-- scope added         changeover_mood
-- scope not null      mood
-- expects             column mood ceb5e45a8f7e
-- expects             index people_mood e05121233f24
-- expects             table app.people 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- undo gate           reversible
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type

-- upgrade

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people rename column mood to changeover_f7cd3f6a_swap;
alter table app.people rename column changeover_mood to mood;
alter table app.people rename column changeover_f7cd3f6a_swap to changeover_mood;
alter index app.people_mood rename to changeover_f7cd3f6a_swap;
alter index app.changeover_people_mood rename to people_mood;
alter index app.changeover_f7cd3f6a_swap rename to changeover_people_mood;
alter table app.people_mood rename column changeover_mood to mood;

-- step move-default
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people alter column mood set default ((('ok'::text))::app.mood);
alter table app.people alter column changeover_mood drop default;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_f7cd3f6a(text, app.mood);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_f7cd3f6a() returns trigger language plpgsql as $$
declare
  there app.mood;
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.mood is not null then
      begin
        new.changeover_mood := (new.mood::text);
        there := (new.changeover_mood::app.mood);
        if there is distinct from new.mood then perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'back inexact', true); end if;
      exception when others then
        new.changeover_mood := 'ok';
        perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'back ' || sqlstate, true);
      end;
    else
      begin
        new.mood := (new.changeover_mood::app.mood);
      exception when others then
        new.mood := null;
        perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'forth ' || sqlstate, true);
      end;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.mood is distinct from old.mood
     and not (new.changeover_mood is distinct from old.changeover_mood
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.changeover_mood := (new.mood::text);
      there := (new.changeover_mood::app.mood);
      if there is distinct from new.mood then perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'back inexact', true); end if;
    exception when others then
      new.changeover_mood := 'ok';
      perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'back ' || sqlstate, true);
    end;
  elsif new.changeover_mood is distinct from old.changeover_mood or new.mood is null then
    begin
      new.mood := (new.changeover_mood::app.mood);
    exception when others then
      new.mood := null;
      perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'forth ' || sqlstate, true);
    end;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_f7cd3f6a_2_sync_insert" before insert on app.people
  for each row when (new.changeover_mood is not null or new.mood is not null) execute function changeover.sync_f7cd3f6a();
alter table app.people enable always trigger "~~changeover_f7cd3f6a_2_sync_insert";
create or replace trigger "~~changeover_f7cd3f6a_2_sync_update" before update on app.people
  for each row when ((old.changeover_mood is distinct from new.changeover_mood or old.mood is distinct from new.mood or (new.mood is null and new.changeover_mood is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.changeover_mood is distinct from new.changeover_mood end)) execute function changeover.sync_f7cd3f6a();
alter table app.people enable always trigger "~~changeover_f7cd3f6a_2_sync_update";
create or replace trigger "~~changeover_f7cd3f6a_3_note" before insert or update on app.people
  for each row when (coalesce(current_setting('changeover.unmirrored_f7cd3f6a', true), '') <> '') execute function changeover.note('text-enum', 'changeover.unmirrored_f7cd3f6a', 'changeover.seen_f7cd3f6a_unmirrored', '10', 'id');
alter table app.people enable always trigger "~~changeover_f7cd3f6a_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_f7cd3f6a(new_side app.mood, old_side text) returns integer language plpgsql stable as $$
declare
  there app.mood;
  back text;
  failed boolean := false;
begin
  begin
    there := (old_side::app.mood);
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (new_side::text);
  exception when others then
    back := 'ok';
    return case when not (back is distinct from old_side) then 2 else 0 end;
  end;
  -- It comes back as what is there, and would go forth as another value: what the new side holds would be lost.
  return case when not (back is distinct from old_side) then 2 else 0 end;
end
$$;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'text-enum';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'text-enum';

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_f7cd3f6a_1_old_insert" before insert on app.people
  for each row when (new.changeover_mood is not null and new.mood is null and current_setting('changeover.seen_f7cd3f6a_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('text-enum', 'old', 'changeover.seen_f7cd3f6a_old', '10');
alter table app.people enable always trigger "~~changeover_f7cd3f6a_1_old_insert";
create trigger "~~changeover_f7cd3f6a_1_old_update" before update of changeover_mood on app.people
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_f7cd3f6a_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('text-enum', 'old', 'changeover.seen_f7cd3f6a_old', '10');
alter table app.people enable always trigger "~~changeover_f7cd3f6a_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('text-enum', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'app.people'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_f7cd3f6a_1_old_insert" on app.people;
drop trigger if exists "~~changeover_f7cd3f6a_1_old_update" on app.people;

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people rename column mood to changeover_f7cd3f6a_swap;
alter table app.people rename column changeover_mood to mood;
alter table app.people rename column changeover_f7cd3f6a_swap to changeover_mood;
alter index app.people_mood rename to changeover_f7cd3f6a_swap;
alter index app.changeover_people_mood rename to people_mood;
alter index app.changeover_f7cd3f6a_swap rename to changeover_people_mood;
alter table app.changeover_people_mood rename column mood to changeover_mood;

-- step move-default
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people alter column mood set default 'ok'::text;
alter table app.people alter column changeover_mood drop default;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_f7cd3f6a(app.mood, text);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_f7cd3f6a() returns trigger language plpgsql as $$
declare
  there app.mood;
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_mood is not null then
      begin
        new.mood := (new.changeover_mood::text);
        there := (new.mood::app.mood);
        if there is distinct from new.changeover_mood then perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'back inexact', true); end if;
      exception when others then
        new.mood := 'ok';
        perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'back ' || sqlstate, true);
      end;
    else
      begin
        new.changeover_mood := (new.mood::app.mood);
      exception when others then
        new.changeover_mood := null;
        perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'forth ' || sqlstate, true);
      end;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.changeover_mood is distinct from old.changeover_mood
     and not (new.mood is distinct from old.mood
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.mood := (new.changeover_mood::text);
      there := (new.mood::app.mood);
      if there is distinct from new.changeover_mood then perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'back inexact', true); end if;
    exception when others then
      new.mood := 'ok';
      perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'back ' || sqlstate, true);
    end;
  elsif new.mood is distinct from old.mood or new.changeover_mood is null then
    begin
      new.changeover_mood := (new.mood::app.mood);
    exception when others then
      new.changeover_mood := null;
      perform pg_catalog.set_config('changeover.unmirrored_f7cd3f6a', 'forth ' || sqlstate, true);
    end;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_f7cd3f6a_2_sync_insert" before insert on app.people
  for each row when (new.mood is not null or new.changeover_mood is not null) execute function changeover.sync_f7cd3f6a();
alter table app.people enable always trigger "~~changeover_f7cd3f6a_2_sync_insert";
create or replace trigger "~~changeover_f7cd3f6a_2_sync_update" before update on app.people
  for each row when ((old.mood is distinct from new.mood or old.changeover_mood is distinct from new.changeover_mood or (new.changeover_mood is null and new.mood is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.mood is distinct from new.mood end)) execute function changeover.sync_f7cd3f6a();
alter table app.people enable always trigger "~~changeover_f7cd3f6a_2_sync_update";
create or replace trigger "~~changeover_f7cd3f6a_3_note" before insert or update on app.people
  for each row when (coalesce(current_setting('changeover.unmirrored_f7cd3f6a', true), '') <> '') execute function changeover.note('text-enum', 'changeover.unmirrored_f7cd3f6a', 'changeover.seen_f7cd3f6a_unmirrored', '10', 'id');
alter table app.people enable always trigger "~~changeover_f7cd3f6a_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_f7cd3f6a(old_side text, new_side app.mood) returns integer language plpgsql stable as $$
declare
  there app.mood;
  back text;
  failed boolean := false;
begin
  begin
    there := (old_side::app.mood);
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (new_side::text);
  exception when others then
    back := 'ok';
    return case when not (back is distinct from old_side) then 2 else 0 end;
  end;
  -- It comes back as what is there, and would go forth as another value: what the new side holds would be lost.
  return case when not (back is distinct from old_side) then 2 else 0 end;
end
$$;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'text-enum';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'text-enum';

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('text-enum', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'app.people'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;
