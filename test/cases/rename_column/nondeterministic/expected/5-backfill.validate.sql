-- changeover revision 6639e3bd9550
-- parent              099a7d63367b
-- plan                nondeterministic
-- name                validate
-- change              rename_column app.tags.tag to keyword
-- title               validate the constraints of keyword, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.tags (tag)
-- scope added         keyword
-- expects             column tag f94d604e8660
-- expects             index tags_c 5943f548829e
-- expects             index tags_tag e009a5d6746f
-- expects             table app.tags 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.tags
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'tags' and s.attname = 'keyword') or not exists (select from app.tags)
analyze app.tags (keyword);

-- downgrade
