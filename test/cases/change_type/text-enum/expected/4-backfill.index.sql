-- changeover revision fee243f1dda9
-- parent              f8fcf4885839
-- plan                text-enum
-- name                index
-- change              change_type app.people.mood to app.mood, using mood::app.mood
-- title               build the indexes of mood over its new type
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

-- step create-changeover-people-mood: twin of people_mood
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_people_mood')), false)
--   heals    app.changeover_people_mood
create index concurrently changeover_people_mood on app.people using btree (changeover_mood, id);

-- downgrade

-- step drop-changeover-people-mood
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_people_mood') is null
drop index concurrently if exists app.changeover_people_mood;
