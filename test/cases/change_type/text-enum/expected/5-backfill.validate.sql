-- changeover revision dff188f871dc
-- parent              fee243f1dda9
-- plan                text-enum
-- name                validate
-- change              change_type app.people.mood to app.mood, using mood::app.mood
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.people (mood)
-- scope added         changeover_mood
-- expects             column mood 0e335b2e1597
-- expects             index people_mood e05121233f24
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'people' and s.attname = 'changeover_mood') or not exists (select from app.people)
analyze app.people (changeover_mood);

-- downgrade
