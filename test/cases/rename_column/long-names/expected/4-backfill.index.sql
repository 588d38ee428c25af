-- changeover revision 2258150c7362
-- parent              66b20e37b8bd
-- plan                long-names
-- name                index
-- change              rename_column "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" to "Än$other \ 'name', also of 63 bytes, as many as one may have;-"
-- title               build the indexes of Än$other \ 'name', also of 63 bytes, as many as one may have;-
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
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-nique-table-with-a-name-tha-a-c-lumn-wit-81b0c998: twin of Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_i_idx1
--   lock     SHARE UPDATE EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('"user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_81b0c998"')), false)
--   heals    "user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_81b0c998"
create index concurrently "changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_81b0c998" on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" using btree ("Än$other \ 'name', also of 63 bytes, as many as one may have;-" desc);

-- step create-changeover-nique-table-with-a-name-tha-a-c-lumn-wit-f314db97: twin of Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_idx
--   lock     SHARE UPDATE EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('"user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_f314db97"')), false)
--   heals    "user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_f314db97"
create index concurrently "changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_f314db97" on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" using btree ("Än$other \ 'name', also of 63 bytes, as many as one may have;-", "ORDER; drop table x --");

-- step create-changeover-nique-table-with-a-name-tha-a-c-lumn-wit-b3730ce6: twin of Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_key
--   lock     SHARE UPDATE EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('"user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_b3730ce6"')), false)
--   heals    "user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_b3730ce6"
create unique index concurrently "changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_b3730ce6" on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" using btree ("Än$other \ 'name', also of 63 bytes, as many as one may have;-", "from");

-- downgrade

-- step drop-changeover-nique-table-with-a-name-tha-a-c-lumn-wit-81b0c998
--   lock     SHARE UPDATE EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('"user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_81b0c998"') is null
drop index concurrently if exists "user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_81b0c998";

-- step drop-changeover-nique-table-with-a-name-tha-a-c-lumn-wit-f314db97
--   lock     SHARE UPDATE EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('"user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_f314db97"') is null
drop index concurrently if exists "user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_f314db97";

-- step drop-changeover-nique-table-with-a-name-tha-a-c-lumn-wit-b3730ce6
--   lock     SHARE UPDATE EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('"user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_b3730ce6"') is null
drop index concurrently if exists "user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_b3730ce6";
