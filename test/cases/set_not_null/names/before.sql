create schema "Sälés";
create table "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" (
  "Primary" integer,
  "Key" text,
  "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" text,
  "new" text not null,
  primary key ("Key", "Primary")
);
insert into "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  select n, 'k' || n, case when n % 2 = 0 then 'given' end, 'new ' || n from generate_series(1, 200) n;
