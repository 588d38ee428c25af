-- changeover revision aa90c8951633
-- parent              dff188f871dc
-- plan                text-enum
-- name                constrain
-- change              change_type app.people.mood to app.mood, using mood::app.mood
-- title               constrain the new type as the old one is
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               app.people (mood)
-- scope added         changeover_mood
-- expects             column mood 0e335b2e1597
-- expects             index people_mood e05121233f24
-- expects             table app.people 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'changeover_people_mood_not_null')
alter table app.people add constraint changeover_people_mood_not_null check (changeover_mood is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'changeover_people_mood_not_null')
alter table app.people add constraint changeover_people_mood_not_null not null changeover_mood not valid;

-- step validate-changeover-people-mood-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'changeover_people_mood_not_null' and c.convalidated)
alter table app.people validate constraint changeover_people_mood_not_null;

-- downgrade

-- step drop-changeover-people-mood-not-null
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'changeover_people_mood_not_null')
alter table app.people drop constraint if exists changeover_people_mood_not_null;
