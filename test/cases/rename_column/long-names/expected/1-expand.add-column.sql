-- changeover revision c4d13f7e7219
-- parent              none
-- plan                long-names
-- name                add-column
-- change              rename_column "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" to "Än$other \ 'name', also of 63 bytes, as many as one may have;-"
-- title               add column Än$other \ 'name', also of 63 bytes, as many as one may have;-, like A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" ("A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes")
-- scope added         "Än$other \ 'name', also of 63 bytes, as many as one may have;-"
-- expects             column A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes 8b0f9e16fbb2
-- expects             constraint "Tötal check" ed4f8c0b32f6
-- expects             constraint Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_key 7c57f6518cdb
-- expects             index Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_i_idx1 d5225d0651c9
-- expects             index Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_idx 533c31ae40ad
-- expects             index Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_key 33d511ae7934
-- expects             table "\"user\".\"Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b\"" 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" add column "Än$other \ 'name', also of 63 bytes, as many as one may have;-" character varying(40);

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" drop column if exists "Än$other \ 'name', also of 63 bytes, as many as one may have;-";
