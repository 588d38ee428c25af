-- changeover revision 209bc05b5993
-- parent              none
-- plan                nondeterministic
-- name                add-column
-- change              rename_column app.tags.tag to keyword
-- title               add column keyword, like tag
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.tags (tag)
-- scope added         keyword
-- expects             column tag f94d604e8660
-- expects             index tags_c 5943f548829e
-- expects             index tags_tag e009a5d6746f
-- expects             table app.tags 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like tag
--   lock     ACCESS EXCLUSIVE on app.tags
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tags add column keyword text collate app."Ignore case";

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.tags
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tags drop column if exists keyword;
