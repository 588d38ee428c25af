-- changeover revision beffb21f4ee5
-- parent              237c4b77a465
-- plan                enum-array
-- name                validate
-- change              rename_column app.people.moods to states
-- title               validate the constraints of states, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.people (moods)
-- scope added         states
-- expects             column moods ae09c2e28797
-- expects             constraint people_moods 52e0892dccb6
-- expects             index people_first 510bb81418fd
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-people-moods-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'changeover_people_moods_not_null' and c.convalidated)
alter table app.people validate constraint changeover_people_moods_not_null;

-- step validate-changeover-people-moods
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'changeover_people_moods' and c.convalidated)
alter table app.people validate constraint changeover_people_moods;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'people' and s.attname = 'states') or not exists (select from app.people)
analyze app.people;

-- downgrade
