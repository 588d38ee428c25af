-- changeover revision 31d33eea0bb1
-- parent              aa90c8951633
-- plan                text-enum
-- name                relax
-- change              change_type app.people.mood to app.mood, using mood::app.mood
-- title               let the old type of mood go from its constraints; their twins stand
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

-- step drop-not-null
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select attnotnull = false from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('app.people') and attname = 'mood'
alter table app.people alter column mood drop not null;

-- downgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'changeover_mood_given')
alter table app.people add constraint changeover_mood_given check (mood is not null) not valid;

-- step validate-changeover-mood-given
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     scan
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'changeover_mood_given' and c.convalidated)
alter table app.people validate constraint changeover_mood_given;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select attnotnull = true from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('app.people') and attname = 'mood'
alter table app.people alter column mood set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'changeover_mood_given')
alter table app.people drop constraint if exists changeover_mood_given;

-- step add-not-null
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'people_mood_not_null')
alter table app.people add constraint people_mood_not_null not null mood not valid;

-- step validate-people-mood-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     scan
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'people_mood_not_null' and c.convalidated)
alter table app.people validate constraint people_mood_not_null;
