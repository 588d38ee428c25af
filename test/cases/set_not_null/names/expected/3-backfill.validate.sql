-- changeover revision f50fdc6e661f
-- parent              9ffaffb3a2ef
-- plan                names
-- name                validate
-- change              set_not_null "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes", NULLs become "new" || '; -- it''s $$ "Key" ' || "Key"
-- title               validate that A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" ("A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes", "Key", new)
-- scope not null      "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes"
-- expects             column A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes 4eff35d3cbe7
-- expects             column Key 0d661d9eee16
-- expects             column new 0d661d9eee16
-- expects             constraint Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_pkey 5f45807e805d
-- expects             index Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_pkey 6402a58a828a
-- expects             table "\"Sälés\".\"Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b\"" 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step validate-changeover-nique-table-with-a-name-t-a-c-lumn-with-3a5ff8e8
--   lock     SHARE UPDATE EXCLUSIVE on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('"Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"') and c.conname = 'changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8' and c.convalidated)
alter table "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" validate constraint "changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8";

-- downgrade
