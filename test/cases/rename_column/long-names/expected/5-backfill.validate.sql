-- changeover revision 6e14c78cc660
-- parent              2258150c7362
-- plan                long-names
-- name                validate
-- change              rename_column "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" to "Än$other \ 'name', also of 63 bytes, as many as one may have;-"
-- title               validate the constraints of Än$other \ 'name', also of 63 bytes, as many as one may have;-, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" ("A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes")
-- scope added         "Än$other \ 'name', also of 63 bytes, as many as one may have;-"
-- expects             column A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes 8b0f9e16fbb2
-- expects             constraint "Tötal check" ed4f8c0b32f6
-- expects             constraint Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_key 7c57f6518cdb
-- expects             index Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_i_idx1 d5225d0651c9
-- expects             index Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_idx 533c31ae40ad
-- expects             index Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_key 33d511ae7934
-- expects             table "\"user\".\"Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b\"" 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-nique-table-with-a-name-t-a-c-lumn-with-3a5ff8e8
--   lock     SHARE UPDATE EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('"user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"') and c.conname = 'changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8' and c.convalidated)
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" validate constraint "changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8";

-- step validate-changeover-t-tal-check
--   lock     SHARE UPDATE EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('"user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"') and c.conname = 'changeover_Tötal check' and c.convalidated)
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" validate constraint "changeover_Tötal check";

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'user' and s.tablename = 'Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b' and s.attname =  E'Än$other \\ ''name'', also of 63 bytes, as many as one may have;-') or not exists (select from "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b")
analyze "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" ("Än$other \ 'name', also of 63 bytes, as many as one may have;-");

-- downgrade
