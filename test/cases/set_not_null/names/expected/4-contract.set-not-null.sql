-- changeover revision db1d6bb8a991
-- parent              f50fdc6e661f
-- plan                names
-- name                set-not-null
-- change              set_not_null "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes", NULLs become "new" || '; -- it''s $$ "Key" ' || "Key"
-- title               make A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes NOT NULL
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" ("A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes", "Key", new)
-- scope not null      "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes"
-- expects             column A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes 4eff35d3cbe7
-- expects             column Key 0d661d9eee16
-- expects             column new 0d661d9eee16
-- expects             constraint Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_pkey 5f45807e805d
-- expects             index Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_pkey 6402a58a828a
-- expects             table "\"Sälés\".\"Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b\"" 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" alter column "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" drop constraint if exists "changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8";

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" rename constraint "changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8" to "Ünique_table_with_a_name_t_A_cölumn_with_a_name_that_not_null";

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_aeb24056_2_sync_insert" on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b";
drop trigger if exists "~~changeover_aeb24056_1_old_insert" on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b";
drop trigger if exists "~~changeover_aeb24056_1_old_update" on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b";
drop function if exists changeover.sync_aeb24056();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'names';

-- downgrade

-- step rename-constraint
--   lock     ACCESS EXCLUSIVE on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" rename constraint "Ünique_table_with_a_name_t_A_cölumn_with_a_name_that_not_null" to "changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8";

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" add constraint "changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8" check ("A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is not null) not valid;

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_aeb24056() returns trigger language plpgsql as $body0$
begin
  new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" := (new.new || '; -- it''s $$ "Key" ' || new."Key");
  return new;
end
$body0$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_aeb24056_2_sync_insert" before insert or update on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  for each row when (new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is null) execute function changeover.sync_aeb24056();
alter table "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" enable always trigger "~~changeover_aeb24056_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_aeb24056_1_old_insert" before insert on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  for each row when (new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is null and current_setting('changeover.seen_aeb24056_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('names', 'old', 'changeover.seen_aeb24056_old', '10');
alter table "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" enable always trigger "~~changeover_aeb24056_1_old_insert";
create trigger "~~changeover_aeb24056_1_old_update" before update of "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" on "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  for each row when (new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is null and current_setting('changeover.seen_aeb24056_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('names', 'old', 'changeover.seen_aeb24056_old', '10');
alter table "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" enable always trigger "~~changeover_aeb24056_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('names', 'epoch', session_user, '', 0);
