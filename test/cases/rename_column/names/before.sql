create schema "Sälés";
create table "Sälés"."Order" (
  "Primary" integer,
  "Key" text,
  "Tötal ""net""" integer constraint "Tötal_positive_and_a_name_that_is_as_long_as_a_name_may_be_63b" check ("Tötal ""net""" > 0),
  primary key ("Primary", "Key")
);
create index "Tötal_index_with_a_name_that_is_just_as_long_as_a_name_may_be__" on "Sälés"."Order" ("Tötal ""net""");
insert into "Sälés"."Order" select n, 'k' || n, n from generate_series(1, 300) n;
