-- changeover revision 099a7d63367b
-- parent              62cc79019cd2
-- plan                nondeterministic
-- name                index
-- change              rename_column app.tags.tag to keyword
-- title               build the indexes of keyword
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.tags (tag)
-- scope added         keyword
-- expects             column tag f94d604e8660
-- expects             index tags_c 5943f548829e
-- expects             index tags_tag e009a5d6746f
-- expects             table app.tags 85728e9fabe4
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-tags-c: twin of tags_c
--   lock     SHARE UPDATE EXCLUSIVE on app.tags
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_tags_c')), false)
--   heals    app.changeover_tags_c
create index concurrently changeover_tags_c on app.tags using btree (keyword collate pg_catalog."C" desc, keyword);

-- step create-changeover-tags-tag: twin of tags_tag
--   lock     SHARE UPDATE EXCLUSIVE on app.tags
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_tags_tag')), false)
--   heals    app.changeover_tags_tag
create unique index concurrently changeover_tags_tag on app.tags using btree (keyword);

-- downgrade

-- step drop-changeover-tags-c
--   lock     SHARE UPDATE EXCLUSIVE on app.tags
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_tags_c') is null
drop index concurrently if exists app.changeover_tags_c;

-- step drop-changeover-tags-tag
--   lock     SHARE UPDATE EXCLUSIVE on app.tags
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_tags_tag') is null
drop index concurrently if exists app.changeover_tags_tag;
