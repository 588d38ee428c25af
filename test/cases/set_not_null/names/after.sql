update "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  set "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" = "new" || '; -- it''s $$ "Key" ' || "Key"
  where "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is null;
alter table "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  alter column "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" set not null;
