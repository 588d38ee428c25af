-- changeover revision 5768114ecf92
-- parent              47b7324aa7cc
-- plan                transform
-- name                validate
-- change              set_not_null app.people.tags, NULLs become what a transform of "First", last gives
-- title               validate that tags holds no NULL
-- lane                tail
-- phase               contract
-- runner              autocommit
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

-- step validate-changeover-people-tags-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.people') and c.conname = 'changeover_people_tags_not_null' and c.convalidated)
alter table app.people validate constraint changeover_people_tags_not_null;

-- downgrade
