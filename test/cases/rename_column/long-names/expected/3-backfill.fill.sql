-- changeover revision 66b20e37b8bd
-- parent              9ff21ee4e2bd
-- plan                long-names
-- name                fill
-- change              rename_column "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"."A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" to "Än$other \ 'name', also of 63 bytes, as many as one may have;-"
-- title               fill Än$other \ 'name', also of 63 bytes, as many as one may have;- from A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" ("A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes")
-- scope added         "Än$other \ 'name', also of 63 bytes, as many as one may have;-"
-- expects             column A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes 8b0f9e16fbb2
-- expects             constraint "Tötal check" ed4f8c0b32f6
-- expects             constraint Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_key 7c57f6518cdb
-- expects             index Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_i_idx1 d5225d0651c9
-- expects             index Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_idx 533c31ae40ad
-- expects             index Ünique_table_with_a_name_tha_A_cölumn_with_a_name_that_is_key 33d511ae7934
-- expects             table "\"user\".\"Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b\"" 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b"
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            "from", "select"

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" set "Än$other \ 'name', also of 63 bytes, as many as one may have;-" = "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes"
where ctid = any (array(
  select ctid from "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid >= $1::tid and ctid < $2::tid and "Än$other \ 'name', also of 63 bytes, as many as one may have;-" is null and "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid >= $1::tid and ctid < $2::tid and "Än$other \ 'name', also of 63 bytes, as many as one may have;-" is null and "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is not null;

-- due: their keys and row addresses, to name one that fails
select array["from"::text, "select"::text] as key, ctid from "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid >= $1::tid and ctid < $2::tid and "Än$other \ 'name', also of 63 bytes, as many as one may have;-" is null and "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is not null;

-- one: fills the row at $1
update "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" set "Än$other \ 'name', also of 63 bytes, as many as one may have;-" = "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" where ctid = $1::tid and "Än$other \ 'name', also of 63 bytes, as many as one may have;-" is null and "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is distinct from "Än$other \ 'name', also of 63 bytes, as many as one may have;-") as apart from "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array["from"::text, "select"::text] as key from "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid >= $1::tid and ctid < $2::tid and "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" is distinct from "Än$other \ 'name', also of 63 bytes, as many as one may have;-";

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select "A_cölumn_with_a_name_that_is_as_long_as_a_name_may_be_63_bytes" as value from "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid = $1::tid;

-- back: the same, while the new one is
select "Än$other \ 'name', also of 63 bytes, as many as one may have;-" as value from "user"."Ünique_table_with_a_name_that_is_as_long_as_a_name_may_be_63_b" where ctid = $1::tid;

-- downgrade
