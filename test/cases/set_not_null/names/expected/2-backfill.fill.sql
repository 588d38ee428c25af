-- changeover revision 9ffaffb3a2ef
-- parent              65b4be88f02c
-- plan                names
-- name                fill
-- change              set_not_null "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes", NULLs become "new" || '; -- it''s $$ "Key" ' || "Key"
-- title               fill the NULLs of A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" ("A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes", "Key", new)
-- scope not null      "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes"
-- expects             column A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes 4eff35d3cbe7
-- expects             column Key 0d661d9eee16
-- expects             column new 0d661d9eee16
-- expects             constraint Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_pkey 5f45807e805d
-- expects             index Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_pkey 6402a58a828a
-- expects             table "\"Sälés\".\"Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b\"" 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            "Key", "Primary"

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" set "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" = ("new" || '; -- it''s $$ "Key" ' || "Key")
where ctid = any (array(
  select ctid from "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid >= $1::tid and ctid < $2::tid and "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid >= $1::tid and ctid < $2::tid and "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is null;

-- due: their keys and row addresses, to name one that fails
select array["Key"::text, "Primary"::text] as key, ctid from "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid >= $1::tid and ctid < $2::tid and "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is null;

-- one: fills the row at $1
update "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" set "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" = ("new" || '; -- it''s $$ "Key" ' || "Key") where ctid = $1::tid and "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is null) as apart from "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array["Key"::text, "Primary"::text] as key from "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid >= $1::tid and ctid < $2::tid and "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select ("new" || '; -- it''s $$ "Key" ' || "Key") as value from "Sälés"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid = $1::tid;

-- downgrade
