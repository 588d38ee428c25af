-- changeover revision 584ab6e890cd
-- parent              61721524084d
-- plan                names
-- name                drop
-- change              rename_column "Sälés"."Order"."Tötal ""net""" to "select"
-- title               drop Tötal "net"; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               "Sälés"."Order" ("Tötal ""net""")
-- scope added         "select"
-- expects             column "Tötal \"net\"" b09cdaee8b9a
-- expects             constraint Tötal_positive_and_a_name_that_is_as_long_as_a_name_may_be_63b 6b0e88b0c3a1
-- expects             index Tötal_index_with_a_name_that_is_just_as_long_as_a_name_may_be_ 5b2a69eaa3c5
-- expects             table "\"Sälés\".\"Order\"" 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions "Sälés"."Order"."Tötal ""net"""
-- deploy old          no: column Tötal "net" is gone
-- deploy new          yes: the change is complete
-- irreversible        column Tötal "net" was dropped; rename select back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on "Sälés"."Order"
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_aeb24056_2_sync_insert" on "Sälés"."Order";
drop trigger if exists "~~changeover_aeb24056_2_sync_update" on "Sälés"."Order";
drop trigger if exists "~~changeover_aeb24056_1_old_insert" on "Sälés"."Order";
drop trigger if exists "~~changeover_aeb24056_1_old_update" on "Sälés"."Order";
drop trigger if exists "~~changeover_aeb24056_1_new_insert" on "Sälés"."Order";
drop trigger if exists "~~changeover_aeb24056_1_new_update" on "Sälés"."Order";
drop function if exists changeover.sync_aeb24056();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on "Sälés"."Order"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "Sälés"."Order" drop column "Tötal ""net""";

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on "Sälés"."Order"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index "Sälés"."changeover_Tötal_index_with_a_name_that_is_just_as_lo_bcc051e4" rename to "Tötal_index_with_a_name_that_is_just_as_long_as_a_name_may_be_";
alter table "Sälés"."Order" rename constraint "changeover_Tötal_positive_and_a_name_that_is_as_long__4e7f5fec" to "Tötal_positive_and_a_name_that_is_as_long_as_a_name_may_be_63b";

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'names';

-- downgrade
