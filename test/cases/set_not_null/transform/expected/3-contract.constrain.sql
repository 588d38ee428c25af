-- changeover revision 47b7324aa7cc
-- parent              4e3045a2f74d
-- plan                transform
-- name                constrain
-- change              set_not_null app.people.tags, NULLs become what a transform of "First", last gives
-- title               refuse NULL in tags from here on
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.people (tags, "First", last)
-- scope not null      tags
-- expects             column First 0d661d9eee16
-- expects             column last 4eff35d3cbe7
-- expects             column tags 6d10f7a2eea7
-- expects             index people_unfilled f864b4a694fe
-- expects             table app.people 85728e9fabe4
-- gate                backfill
-- gate                verified since the confirm
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people add constraint changeover_people_tags_not_null check (tags is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.people add constraint changeover_people_tags_not_null not null tags not valid;

-- downgrade

-- step drop-not-null-constraint
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.people drop constraint if exists changeover_people_tags_not_null;

-- step drop-not-null: where it was set already
--   lock     ACCESS EXCLUSIVE on app.people
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.people alter column tags drop not null;
