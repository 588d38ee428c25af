-- changeover revision 160a4fa2226c
-- parent              75828e5e1125
-- plan                names
-- name                mirror
-- change              rename_column "Sälés"."Order"."Tötal ""net""" to "select"
-- title               keep Tötal "net" and select in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               "Sälés"."Order" ("Tötal ""net""")
-- scope added         "select"
-- expects             column "Tötal \"net\"" b09cdaee8b9a
-- expects             constraint Tötal_positive_and_a_name_that_is_as_long_as_a_name_may_be_63b 6b0e88b0c3a1
-- expects             index Tötal_index_with_a_name_that_is_just_as_long_as_a_name_may_be_ 5b2a69eaa3c5
-- expects             table "\"Sälés\".\"Order\"" 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions "Sälés"."Order"."select"
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_aeb24056() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new."select" is not null then
      new."Tötal ""net""" := new."select";
    else
      new."select" := new."Tötal ""net""";
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new."select" is distinct from old."select"
     and not (new."Tötal ""net""" is distinct from old."Tötal ""net"""
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new."Tötal ""net""" := new."select";
  elsif new."Tötal ""net""" is distinct from old."Tötal ""net""" or new."select" is null then
    new."select" := new."Tötal ""net""";
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on "Sälés"."Order"
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_aeb24056_2_sync_insert" before insert on "Sälés"."Order"
  for each row when (new."Tötal ""net""" is distinct from new."select") execute function changeover.sync_aeb24056();
create trigger "~~changeover_aeb24056_2_sync_update" before update on "Sälés"."Order"
  for each row when (new."Tötal ""net""" is distinct from new."select") execute function changeover.sync_aeb24056();
alter table "Sälés"."Order" enable always trigger "~~changeover_aeb24056_2_sync_insert";
alter table "Sälés"."Order" enable always trigger "~~changeover_aeb24056_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on "Sälés"."Order"
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_aeb24056_1_old_insert" before insert on "Sälés"."Order"
  for each row when (new."Tötal ""net""" is not null and new."select" is null and current_setting('changeover.seen_aeb24056_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('names', 'old', 'changeover.seen_aeb24056_old', '10');
alter table "Sälés"."Order" enable always trigger "~~changeover_aeb24056_1_old_insert";
create trigger "~~changeover_aeb24056_1_old_update" before update of "Tötal ""net""" on "Sälés"."Order"
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_aeb24056_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('names', 'old', 'changeover.seen_aeb24056_old', '10');
alter table "Sälés"."Order" enable always trigger "~~changeover_aeb24056_1_old_update";
create trigger "~~changeover_aeb24056_1_new_insert" before insert on "Sälés"."Order"
  for each row when (new."select" is not null and current_setting('changeover.seen_aeb24056_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('names', 'new', 'changeover.seen_aeb24056_new', '60');
alter table "Sälés"."Order" enable always trigger "~~changeover_aeb24056_1_new_insert";
create trigger "~~changeover_aeb24056_1_new_update" before update of "select" on "Sälés"."Order"
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_aeb24056_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('names', 'new', 'changeover.seen_aeb24056_new', '60');
alter table "Sälés"."Order" enable always trigger "~~changeover_aeb24056_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('names', 'epoch', session_user, '', 0);

-- step add-t-tal-positive-and-a-name-that-is-as-long-as-a-name-may-be-63b: twin of Tötal_positive_and_a_name_that_is_as_long_as_a_name_may_be_63b
--   lock     ACCESS EXCLUSIVE on "Sälés"."Order"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "Sälés"."Order" add constraint "changeover_Tötal_positive_and_a_name_that_is_as_long__4e7f5fec" check (("select" > 0)) not valid;

-- downgrade

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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'names';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on "Sälés"."Order"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "Sälés"."Order" drop column if exists "select";

-- step add-column: like Tötal "net"
--   lock     ACCESS EXCLUSIVE on "Sälés"."Order"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table "Sälés"."Order" add column "select" integer;
