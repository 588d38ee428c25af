-- changeover revision 634918de93ef
-- parent              none
-- plan                enum-array
-- name                add-column
-- change              rename_column app.people.moods to states
-- title               add column states, like moods
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.people (moods)
-- scope added         states
-- expects             column moods ae09c2e28797
-- expects             constraint people_moods 52e0892dccb6
-- expects             index people_first 510bb81418fd
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like moods
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people add column states app."Mood"[];

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people drop column if exists states;
