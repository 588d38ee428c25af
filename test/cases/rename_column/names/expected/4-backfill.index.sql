-- changeover revision a961fdb003e9
-- parent              a4d3208f8164
-- plan                names
-- name                index
-- change              rename_column "Sälés"."Order"."Tötal ""net""" to "select"
-- title               build the indexes of select
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               "Sälés"."Order" ("Tötal ""net""")
-- scope added         "select"
-- expects             column "Tötal \"net\"" b09cdaee8b9a
-- expects             constraint Tötal_positive_and_a_name_that_is_as_long_as_a_name_may_be_63b 6b0e88b0c3a1
-- expects             index Tötal_index_with_a_name_that_is_just_as_long_as_a_name_may_be_ 5b2a69eaa3c5
-- expects             table "\"Sälés\".\"Order\"" 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-t-tal-index-with-a-name-that-is-just-as-lo-bcc051e4: twin of Tötal_index_with_a_name_that_is_just_as_long_as_a_name_may_be_
--   lock     SHARE UPDATE EXCLUSIVE on "Sälés"."Order"
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('"Sälés"."changeover_Tötal_index_with_a_name_that_is_just_as_lo_bcc051e4"')), false)
--   heals    "Sälés"."changeover_Tötal_index_with_a_name_that_is_just_as_lo_bcc051e4"
create index concurrently "changeover_Tötal_index_with_a_name_that_is_just_as_lo_bcc051e4" on "Sälés"."Order" using btree ("select");

-- downgrade

-- step drop-changeover-t-tal-index-with-a-name-that-is-just-as-lo-bcc051e4
--   lock     SHARE UPDATE EXCLUSIVE on "Sälés"."Order"
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('"Sälés"."changeover_Tötal_index_with_a_name_that_is_just_as_lo_bcc051e4"') is null
drop index concurrently if exists "Sälés"."changeover_Tötal_index_with_a_name_that_is_just_as_lo_bcc051e4";
