alter table "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
  rename column "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes"
  to "Än$other \ 'name', also of 63 bytes, as many as one may have;-";
