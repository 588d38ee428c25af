-- changeover revision 9957ae492524
-- parent              61fef5dc3ca1
-- plan                enum-array
-- name                validate
-- change              set_not_null app.people.moods, NULLs become array['it''s ok', first]::app."Mood"[]
-- title               validate that moods holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.people (moods, first)
-- scope not null      moods
-- expects             column first a56d3e8169ec
-- expects             column moods 7513cc928466
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step validate-changeover-people-moods-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'changeover_people_moods_not_null' and c.convalidated)
alter table app.people validate constraint changeover_people_moods_not_null;

-- downgrade
