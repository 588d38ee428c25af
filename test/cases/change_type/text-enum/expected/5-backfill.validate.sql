-- changeover revision e6774e07fff4
-- parent              87e88a9629d4
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
-- deploy new          no: the column has its old type until the switch

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'people' and s.attname = 'changeover_mood') or not exists (select from app.people)
analyze app.people (changeover_mood);

-- downgrade
