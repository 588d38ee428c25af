create table public.a_table_with_a_name_that_leaves_little_room_for_anything_else (
  id integer primary key,
  a_column_with_a_rather_long_name_as_well integer default 7
);
insert into public.a_table_with_a_name_that_leaves_little_room_for_anything_else
select n, case when n % 100 = 0 then null else n end from generate_series(1, 300) n;
