-- changeover revision 9ff21ee4e2bd
-- parent              c4d13f7e7219
-- plan                long-names
-- name                mirror
-- change              rename_column "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" to "Än$other \ 'name', also of 63 bytes, as many as one may have;-"
-- title               keep A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes and Än$other \ 'name', also of 63 bytes, as many as one may have;- in step
-- lane                trunk
-- phase               dual-write
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
-- undo gate           idle new for 0s
-- undo gate           functions "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"."Än$other \ 'name', also of 63 bytes, as many as one may have;-"
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_c4794a9c() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new."Än$other \ 'name', also of 63 bytes, as many as one may have;-" is not null then
      new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" := new."Än$other \ 'name', also of 63 bytes, as many as one may have;-";
    else
      new."Än$other \ 'name', also of 63 bytes, as many as one may have;-" := new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes";
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new."Än$other \ 'name', also of 63 bytes, as many as one may have;-" is distinct from old."Än$other \ 'name', also of 63 bytes, as many as one may have;-"
     and not (new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is distinct from old."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes"
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" := new."Än$other \ 'name', also of 63 bytes, as many as one may have;-";
  elsif new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is distinct from old."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" or new."Än$other \ 'name', also of 63 bytes, as many as one may have;-" is null then
    new."Än$other \ 'name', also of 63 bytes, as many as one may have;-" := new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes";
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_c4794a9c_2_sync_insert" before insert on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  for each row when (new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is distinct from new."Än$other \ 'name', also of 63 bytes, as many as one may have;-") execute function changeover.sync_c4794a9c();
create trigger "~~changeover_c4794a9c_2_sync_update" before update on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  for each row when (new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is distinct from new."Än$other \ 'name', also of 63 bytes, as many as one may have;-") execute function changeover.sync_c4794a9c();
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" enable always trigger "~~changeover_c4794a9c_2_sync_insert";
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" enable always trigger "~~changeover_c4794a9c_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_c4794a9c_1_old_insert" before insert on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  for each row when (new."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is not null and new."Än$other \ 'name', also of 63 bytes, as many as one may have;-" is null and current_setting('changeover.seen_c4794a9c_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('long-names', 'old', 'changeover.seen_c4794a9c_old', '10');
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" enable always trigger "~~changeover_c4794a9c_1_old_insert";
create trigger "~~changeover_c4794a9c_1_old_update" before update of "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_c4794a9c_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('long-names', 'old', 'changeover.seen_c4794a9c_old', '10');
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" enable always trigger "~~changeover_c4794a9c_1_old_update";
create trigger "~~changeover_c4794a9c_1_new_insert" before insert on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  for each row when (new."Än$other \ 'name', also of 63 bytes, as many as one may have;-" is not null and current_setting('changeover.seen_c4794a9c_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('long-names', 'new', 'changeover.seen_c4794a9c_new', '60');
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" enable always trigger "~~changeover_c4794a9c_1_new_insert";
create trigger "~~changeover_c4794a9c_1_new_update" before update of "Än$other \ 'name', also of 63 bytes, as many as one may have;-" on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_c4794a9c_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('long-names', 'new', 'changeover.seen_c4794a9c_new', '60');
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" enable always trigger "~~changeover_c4794a9c_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('long-names', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" add constraint "changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8" check ("Än$other \ 'name', also of 63 bytes, as many as one may have;-" is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" add constraint "changeover_Ünique_table_with_a_name_t_A_cölumn_with__3a5ff8e8" not null "Än$other \ 'name', also of 63 bytes, as many as one may have;-" not valid;

-- step add-t-tal-check: twin of Tötal check
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" add constraint "changeover_Tötal check" check ((("Än$other \ 'name', also of 63 bytes, as many as one may have;-")::text <> ''::text)) not valid;

-- downgrade

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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'long-names';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" drop column if exists "Än$other \ 'name', also of 63 bytes, as many as one may have;-";

-- step add-column: like A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes
--   lock     ACCESS EXCLUSIVE on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" add column "Än$other \ 'name', also of 63 bytes, as many as one may have;-" character varying(40);
