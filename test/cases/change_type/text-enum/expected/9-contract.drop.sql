-- changeover revision 8c5aa0d9b875
-- parent              64e4c5533ec5
-- plan                text-enum
-- name                drop
-- change              change_type app.people.mood to app.mood, using mood::app.mood
-- title               drop the old mood
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.people ()
-- scope added         changeover_mood
-- expects             table app.people 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type
-- irreversible        the old values are gone; change the type back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_f7cd3f6a_2_sync_insert" on app.people;
drop trigger if exists "~~changeover_f7cd3f6a_2_sync_update" on app.people;
drop trigger if exists "~~changeover_f7cd3f6a_3_note" on app.people;
drop trigger if exists "~~changeover_f7cd3f6a_1_old_insert" on app.people;
drop trigger if exists "~~changeover_f7cd3f6a_1_old_update" on app.people;
drop function if exists changeover.sync_f7cd3f6a();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_f7cd3f6a(app.mood, text);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people drop column changeover_mood;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people alter column mood set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people drop constraint if exists changeover_people_mood_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.people rename constraint changeover_people_mood_not_null to people_mood_not_null;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'text-enum';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'text-enum';

-- downgrade
