-- changeover revision 75828e5e1125
-- parent              none
-- plan                names
-- name                add-column
-- change              rename_column "Sälés"."Order"."Tötal ""net""" to "select"
-- title               add column select, like Tötal "net"
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               "Sälés"."Order" ("Tötal ""net""")
-- scope added         "select"
-- expects             column "Tötal \"net\"" b09cdaee8b9a
-- expects             constraint Tötal_positive_and_a_name_that_is_as_long_as_a_name_may_be_63b 6b0e88b0c3a1
-- expects             index Tötal_index_with_a_name_that_is_just_as_long_as_a_name_may_be_ 5b2a69eaa3c5
-- expects             table "\"Sälés\".\"Order\"" 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like Tötal "net"
--   lock     ACCESS EXCLUSIVE on "Sälés"."Order"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "Sälés"."Order" add column "select" integer;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on "Sälés"."Order"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "Sälés"."Order" drop column if exists "select";
