-- changeover revision 8dd561963699
-- parent              none
-- plan                enum-array
-- name                guard
-- change              set_not_null app.people.moods, NULLs become array['it''s ok', first]::app."Mood"[]
-- title               fill moods for writers that send NULL, refuse NULL otherwise
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.people (moods, first)
-- scope not null      moods
-- expects             column first a56d3e8169ec
-- expects             column moods 7513cc928466
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_239004db() returns trigger language plpgsql as $$
begin
  new.moods := (array['it''s ok', new.first]::app."Mood"[]);
  return new;
end
$$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_239004db_2_sync_insert" before insert or update on app.people
  for each row when (new.moods is null) execute function changeover.sync_239004db();
alter table app.people enable always trigger "~~changeover_239004db_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_239004db_1_old_insert" before insert on app.people
  for each row when (new.moods is null and current_setting('changeover.seen_239004db_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('enum-array', 'old', 'changeover.seen_239004db_old', '10');
alter table app.people enable always trigger "~~changeover_239004db_1_old_insert";
create trigger "~~changeover_239004db_1_old_update" before update of moods on app.people
  for each row when (new.moods is null and current_setting('changeover.seen_239004db_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('enum-array', 'old', 'changeover.seen_239004db_old', '10');
alter table app.people enable always trigger "~~changeover_239004db_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('enum-array', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people add constraint changeover_people_moods_not_null check (moods is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.people add constraint changeover_people_moods_not_null not null moods not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_239004db_2_sync_insert" on app.people;
drop trigger if exists "~~changeover_239004db_1_old_insert" on app.people;
drop trigger if exists "~~changeover_239004db_1_old_update" on app.people;
drop function if exists changeover.sync_239004db();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'enum-array';

-- step drop-not-null-constraint
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people drop constraint if exists changeover_people_moods_not_null;

-- step drop-not-null: where it was set already
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people alter column moods drop not null;
