-- changeover revision 3296756c9446
-- parent              none
-- plan                unfilled
-- name                note
-- change              set_not_null public.a_table_with_a_name_that_leaves_little_room_for_anything_else.a_column_with_a_rather_long_name_as_well
-- title               note who still sends NULL for a_column_with_a_rather_long_name_as_well
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.a_table_with_a_name_that_leaves_little_room_for_anything_else (a_column_with_a_rather_long_name_as_well)
-- scope not null      a_column_with_a_rather_long_name_as_well
-- expects             column a_column_with_a_rather_long_name_as_well 5edfd445d1ca
-- expects             table public.a_table_with_a_name_that_leaves_little_room_for_anything_else 85728e9fabe4
-- deploy old          yes: NULLs are only noted
-- deploy new          yes: it never sends NULL

-- upgrade

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.a_table_with_a_name_that_leaves_little_room_for_anything_else
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_95d924a0_1_old_insert" before insert on public.a_table_with_a_name_that_leaves_little_room_for_anything_else
  for each row when (new.a_column_with_a_rather_long_name_as_well is null and current_setting('changeover.seen_95d924a0_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('unfilled', 'old', 'changeover.seen_95d924a0_old', '10');
alter table public.a_table_with_a_name_that_leaves_little_room_for_anything_else enable always trigger "~~changeover_95d924a0_1_old_insert";
create trigger "~~changeover_95d924a0_1_old_update" before update of a_column_with_a_rather_long_name_as_well on public.a_table_with_a_name_that_leaves_little_room_for_anything_else
  for each row when (new.a_column_with_a_rather_long_name_as_well is null and current_setting('changeover.seen_95d924a0_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('unfilled', 'old', 'changeover.seen_95d924a0_old', '10');
alter table public.a_table_with_a_name_that_leaves_little_room_for_anything_else enable always trigger "~~changeover_95d924a0_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('unfilled', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.a_table_with_a_name_that_leaves_little_room_for_anything_else
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_95d924a0_1_old_insert" on public.a_table_with_a_name_that_leaves_little_room_for_anything_else;
drop trigger if exists "~~changeover_95d924a0_1_old_update" on public.a_table_with_a_name_that_leaves_little_room_for_anything_else;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'unfilled';
