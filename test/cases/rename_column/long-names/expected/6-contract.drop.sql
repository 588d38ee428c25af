-- changeover revision 91ab57b08399
-- parent              6e14c78cc660
-- plan                long-names
-- name                drop
-- change              rename_column "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" to "Än$other \ 'name', also of 63 bytes, as many as one may have;-"
-- title               drop A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes; its twins take its names
-- lane                tail
-- phase               contract
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
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes"
-- deploy old          no: column A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes is gone
-- deploy new          yes: the change is complete
-- irreversible        column A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes was dropped; rename Än$other \ 'name', also of 63 bytes, as many as one may have;- back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_c4794a9c_2_sync_insert" on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b";
drop trigger if exists "~~changeover_c4794a9c_2_sync_update" on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b";
drop trigger if exists "~~changeover_c4794a9c_1_old_insert" on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b";
drop trigger if exists "~~changeover_c4794a9c_1_old_update" on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b";
drop trigger if exists "~~changeover_c4794a9c_1_new_insert" on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b";
drop trigger if exists "~~changeover_c4794a9c_1_new_update" on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b";
drop function if exists changeover.sync_c4794a9c();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" drop column "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes";

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" alter column "Än$other \ 'name', also of 63 bytes, as many as one may have;-" set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" drop constraint if exists "changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8";

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" rename constraint "changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8" to "Ünique_table_with_a_name_t_A_cölumn_with_a_name_that_not_null";

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" add constraint "Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_key" unique using index "changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_b3730ce6";
alter index "user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_81b0c998" rename to "Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_i_idx1";
alter index "user"."changeover_Ünique_table_with_a_name_tha_A_cölumn_wit_f314db97" rename to "Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_idx";
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" rename constraint "changeover_Tötal check" to "Tötal check";

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'long-names';

-- downgrade
