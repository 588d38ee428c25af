-- changeover revision 5d52286c083a
-- parent              6a38c2c503f2
-- plan                text-enum
-- name                mirror
-- change              change_type app.people.mood to app.mood, using mood::app.mood
-- title               keep mood in both types, in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.people (mood)
-- scope added         changeover_mood
-- expects             column mood 0e335b2e1597
-- expects             index people_mood e05121233f24
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

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

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('text-enum', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_f7cd3f6a_2_sync_insert" on app.people;
drop trigger if exists "~~changeover_f7cd3f6a_2_sync_update" on app.people;
drop trigger if exists "~~changeover_f7cd3f6a_3_note" on app.people;
drop function if exists changeover.sync_f7cd3f6a();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_f7cd3f6a(text, app.mood);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'text-enum';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'text-enum';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people drop column if exists changeover_mood;

-- step add-column: like mood
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people add column changeover_mood app.mood;
