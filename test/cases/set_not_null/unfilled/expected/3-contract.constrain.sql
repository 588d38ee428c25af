-- changeover revision 3f1f903885bf
-- parent              7c17bf3d5973
-- plan                unfilled
-- name                constrain
-- change              set_not_null public.a_table_with_a_name_that_leaves_little_room_for_anything_else.a_column_with_a_rather_long_name_as_well
-- title               refuse NULL in a_column_with_a_rather_long_name_as_well from here on
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.a_table_with_a_name_that_leaves_little_room_for_anything_else (a_column_with_a_rather_long_name_as_well)
-- scope not null      a_column_with_a_rather_long_name_as_well
-- expects             column a_column_with_a_rather_long_name_as_well 5edfd445d1ca
-- expects             table public.a_table_with_a_name_that_leaves_little_room_for_anything_else 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.a_table_with_a_name_that_leaves_little_room_for_anything_else
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.a_table_with_a_name_that_leaves_little_room_for_anything_else add constraint changeover_a_table_with_a_name_that_le_a_column_with_a_0459c208 check (a_column_with_a_rather_long_name_as_well is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.a_table_with_a_name_that_leaves_little_room_for_anything_else
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.a_table_with_a_name_that_leaves_little_room_for_anything_else add constraint changeover_a_table_with_a_name_that_le_a_column_with_a_0459c208 not null a_column_with_a_rather_long_name_as_well not valid;

-- downgrade

-- step drop-not-null-constraint
--   lock     ACCESS EXCLUSIVE on public.a_table_with_a_name_that_leaves_little_room_for_anything_else
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.a_table_with_a_name_that_leaves_little_room_for_anything_else drop constraint if exists changeover_a_table_with_a_name_that_le_a_column_with_a_0459c208;

-- step drop-not-null: where it was set already
--   lock     ACCESS EXCLUSIVE on public.a_table_with_a_name_that_leaves_little_room_for_anything_else
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.a_table_with_a_name_that_leaves_little_room_for_anything_else alter column a_column_with_a_rather_long_name_as_well drop not null;
