-- changeover revision 37f1ad5f19b1
-- parent              beffb21f4ee5
-- plan                enum-array
-- name                drop
-- change              rename_column app.people.moods to states
-- title               drop moods; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.people (moods)
-- scope added         states
-- expects             column moods ae09c2e28797
-- expects             constraint people_moods 52e0892dccb6
-- expects             index people_first 510bb81418fd
-- expects             table app.people 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.people.moods
-- deploy old          no: column moods is gone
-- deploy new          yes: the change is complete
-- irreversible        column moods was dropped; rename states back with a new plan

-- upgrade

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

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people drop column moods;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people alter column states set not null;

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

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index app.changeover_people_first rename to people_first;
alter table app.people rename constraint changeover_people_moods to people_moods;
alter table app.people alter column states set default ARRAY['sad'::app."Mood"];

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'enum-array';

-- downgrade
