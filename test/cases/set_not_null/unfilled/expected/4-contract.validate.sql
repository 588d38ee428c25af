-- changeover revision e78070646ba3
-- parent              3f1f903885bf
-- plan                unfilled
-- name                validate
-- change              set_not_null public.a_table_with_a_name_that_leaves_little_room_for_anything_else.a_column_with_a_rather_long_name_as_well
-- title               validate that a_column_with_a_rather_long_name_as_well holds no NULL
-- lane                tail
-- phase               contract
-- runner              autocommit
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

-- step validate-changeover-a-table-with-a-name-that-le-a-column-with-a-0459c208
--   lock     SHARE UPDATE EXCLUSIVE on public.a_table_with_a_name_that_leaves_little_room_for_anything_else
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.a_table_with_a_name_that_leaves_little_room_for_anything_else') and c.conname = 'changeover_a_table_with_a_name_that_le_a_column_with_a_0459c208' and c.convalidated)
alter table public.a_table_with_a_name_that_leaves_little_room_for_anything_else validate constraint changeover_a_table_with_a_name_that_le_a_column_with_a_0459c208;

-- downgrade
