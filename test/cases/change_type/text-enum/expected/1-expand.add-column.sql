-- changeover revision 6a38c2c503f2
-- parent              none
-- plan                text-enum
-- name                add-column
-- change              change_type app.people.mood to app.mood, using mood::app.mood
-- title               add mood as app.mood, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.people (mood)
-- scope added         changeover_mood
-- expects             column mood 0e335b2e1597
-- expects             index people_mood e05121233f24
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like mood
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people add column changeover_mood app.mood;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people drop column if exists changeover_mood;
