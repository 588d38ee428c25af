-- changeover revision bd19077eaa48
-- parent              9957ae492524
-- plan                enum-array
-- name                set-not-null
-- change              set_not_null app.people.moods, NULLs become array['it''s ok', first]::app."Mood"[]
-- title               make moods NOT NULL
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.people (moods, first)
-- scope not null      moods
-- expects             column first a56d3e8169ec
-- expects             column moods 7513cc928466
-- expects             table app.people 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people alter column moods set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people drop constraint if exists changeover_people_moods_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.people rename constraint changeover_people_moods_not_null to people_moods_not_null;

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

-- downgrade

-- step rename-constraint
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.people rename constraint people_moods_not_null to changeover_people_moods_not_null;

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people add constraint changeover_people_moods_not_null check (moods is not null) not valid;

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
