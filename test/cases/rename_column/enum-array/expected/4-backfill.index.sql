-- changeover revision 237c4b77a465
-- parent              612260244977
-- plan                enum-array
-- name                index
-- change              rename_column app.people.moods to states
-- title               build the indexes of states
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
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-people-first: twin of people_first
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_people_first')), false)
--   heals    app.changeover_people_first
create index concurrently changeover_people_first on app.people using btree (((states[1])), states);

-- downgrade

-- step drop-changeover-people-first
--   lock     SHARE UPDATE EXCLUSIVE on app.people
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_people_first') is null
drop index concurrently if exists app.changeover_people_first;
