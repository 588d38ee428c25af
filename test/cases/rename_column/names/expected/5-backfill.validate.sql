-- changeover revision 61721524084d
-- parent              a961fdb003e9
-- plan                names
-- name                validate
-- change              rename_column "Sälés"."Order"."Tötal ""net""" to "select"
-- title               validate the constraints of select, gather its statistics
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
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-t-tal-positive-and-a-name-that-is-as-long-4e7f5fec
--   lock     SHARE UPDATE EXCLUSIVE on "Sälés"."Order"
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('"Sälés"."Order"') and c.conname = 'changeover_Tötal_positive_and_a_name_that_is_as_long__4e7f5fec' and c.convalidated)
alter table "Sälés"."Order" validate constraint "changeover_Tötal_positive_and_a_name_that_is_as_long__4e7f5fec";

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on "Sälés"."Order"
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'Sälés' and s.tablename = 'Order' and s.attname = 'select') or not exists (select from "Sälés"."Order")
analyze "Sälés"."Order" ("select");

-- downgrade
