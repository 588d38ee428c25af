-- changeover revision fa3dabe0bd11
-- parent              634918de93ef
-- plan                enum-array
-- name                mirror
-- change              rename_column app.people.moods to states
-- title               keep moods and states in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.people (moods)
-- scope added         states
-- expects             column moods ae09c2e28797
-- expects             constraint people_moods 52e0892dccb6
-- expects             index people_first 510bb81418fd
-- expects             table app.people 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.people.states
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_239004db() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.states is not null then
      new.moods := new.states;
    else
      new.states := new.moods;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.states is distinct from old.states
     and not (new.moods is distinct from old.moods
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.moods := new.states;
  elsif new.moods is distinct from old.moods or new.states is null then
    new.states := new.moods;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_239004db_2_sync_insert" before insert on app.people
  for each row when (new.moods is distinct from new.states) execute function changeover.sync_239004db();
create trigger "~~changeover_239004db_2_sync_update" before update on app.people
  for each row when (new.moods is distinct from new.states) execute function changeover.sync_239004db();
alter table app.people enable always trigger "~~changeover_239004db_2_sync_insert";
alter table app.people enable always trigger "~~changeover_239004db_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_239004db_1_old_insert" before insert on app.people
  for each row when (new.moods is not null and new.states is null and current_setting('changeover.seen_239004db_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('enum-array', 'old', 'changeover.seen_239004db_old', '10');
alter table app.people enable always trigger "~~changeover_239004db_1_old_insert";
create trigger "~~changeover_239004db_1_old_update" before update of moods on app.people
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_239004db_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('enum-array', 'old', 'changeover.seen_239004db_old', '10');
alter table app.people enable always trigger "~~changeover_239004db_1_old_update";
create trigger "~~changeover_239004db_1_new_insert" before insert on app.people
  for each row when (new.states is not null and current_setting('changeover.seen_239004db_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('enum-array', 'new', 'changeover.seen_239004db_new', '60');
alter table app.people enable always trigger "~~changeover_239004db_1_new_insert";
create trigger "~~changeover_239004db_1_new_update" before update of states on app.people
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_239004db_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('enum-array', 'new', 'changeover.seen_239004db_new', '60');
alter table app.people enable always trigger "~~changeover_239004db_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('enum-array', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people add constraint changeover_people_moods_not_null check (states is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.people add constraint changeover_people_moods_not_null not null states not valid;

-- step add-people-moods: twin of people_moods
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people add constraint changeover_people_moods check (((states[1] <> 'HAPPY'::app."Mood") OR (cardinality(states) < 4))) not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_239004db_2_sync_insert" on app.people;
drop trigger if exists "~~changeover_239004db_2_sync_update" on app.people;
drop trigger if exists "~~changeover_239004db_1_old_insert" on app.people;
drop trigger if exists "~~changeover_239004db_1_old_update" on app.people;
drop trigger if exists "~~changeover_239004db_1_new_insert" on app.people;
drop trigger if exists "~~changeover_239004db_1_new_update" on app.people;
drop function if exists changeover.sync_239004db();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'enum-array';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people drop column if exists states;

-- step add-column: like moods
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people add column states app."Mood"[];
