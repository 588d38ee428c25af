create schema "user";
create table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" (
  "select" integer,
  "from" integer,
  "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" varchar(40) not null
    constraint "Tötal check" check ("A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" <> ''),
  "ORDER; drop table x --" text,
  primary key ("from", "select"),
  unique ("A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes", "from")
);
create index on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  ("A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes", "ORDER; drop table x --");
create index on "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  ("A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" desc);
insert into "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  select n, n % 3, 'value ' || n, null from generate_series(1, 200) n;
