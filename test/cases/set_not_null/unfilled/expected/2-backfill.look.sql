-- changeover revision 7c17bf3d5973
-- parent              3296756c9446
-- plan                unfilled
-- name                look
-- change              set_not_null public.a_table_with_a_name_that_leaves_little_room_for_anything_else.a_column_with_a_rather_long_name_as_well
-- title               look for NULLs in a_column_with_a_rather_long_name_as_well
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.a_table_with_a_name_that_leaves_little_room_for_anything_else (a_column_with_a_rather_long_name_as_well)
-- scope not null      a_column_with_a_rather_long_name_as_well
-- expects             column a_column_with_a_rather_long_name_as_well 5edfd445d1ca
-- expects             table public.a_table_with_a_name_that_leaves_little_room_for_anything_else 85728e9fabe4
-- deploy old          yes: NULLs are only noted
-- deploy new          yes: it never sends NULL
-- fill table          public.a_table_with_a_name_that_leaves_little_room_for_anything_else
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- left: the rows of these pages that are still due
select count(*) from public.a_table_with_a_name_that_leaves_little_room_for_anything_else where ctid >= $1::tid and ctid < $2::tid and a_column_with_a_rather_long_name_as_well is null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.a_table_with_a_name_that_leaves_little_room_for_anything_else where ctid >= $1::tid and ctid < $2::tid and a_column_with_a_rather_long_name_as_well is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where a_column_with_a_rather_long_name_as_well is null) as apart from public.a_table_with_a_name_that_leaves_little_room_for_anything_else where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from public.a_table_with_a_name_that_leaves_little_room_for_anything_else where ctid >= $1::tid and ctid < $2::tid and a_column_with_a_rather_long_name_as_well is null;

-- downgrade
