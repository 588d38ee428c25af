-- changeover revision a4d3208f8164
-- parent              160a4fa2226c
-- plan                names
-- name                fill
-- change              rename_column "Sälés"."Order"."Tötal ""net""" to "select"
-- title               fill select from Tötal "net"
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               "Sälés"."Order" ("Tötal ""net""")
-- scope added         "select"
-- expects             column "Tötal \"net\"" b09cdaee8b9a
-- expects             constraint Tötal_positive_and_a_name_that_is_as_long_as_a_name_may_be_63b 6b0e88b0c3a1
-- expects             index Tötal_index_with_a_name_that_is_just_as_long_as_a_name_may_be_ 5b2a69eaa3c5
-- expects             table "\"Sälés\".\"Order\"" 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          "Sälés"."Order"
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            "Primary", "Key"

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update "Sälés"."Order" set "select" = "Tötal ""net"""
where ctid = any (array(
  select ctid from "Sälés"."Order" where ctid >= $1::tid and ctid < $2::tid and "select" is null and "Tötal ""net""" is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from "Sälés"."Order" where ctid >= $1::tid and ctid < $2::tid and "select" is null and "Tötal ""net""" is not null;

-- due: their keys and row addresses, to name one that fails
select array["Primary"::text, "Key"::text] as key, ctid from "Sälés"."Order" where ctid >= $1::tid and ctid < $2::tid and "select" is null and "Tötal ""net""" is not null;

-- one: fills the row at $1
update "Sälés"."Order" set "select" = "Tötal ""net""" where ctid = $1::tid and "select" is null and "Tötal ""net""" is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where "Tötal ""net""" is distinct from "select") as apart from "Sälés"."Order" where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array["Primary"::text, "Key"::text] as key from "Sälés"."Order" where ctid >= $1::tid and ctid < $2::tid and "Tötal ""net""" is distinct from "select";

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select "Tötal ""net""" as value from "Sälés"."Order" where ctid = $1::tid;

-- back: the same, while the new one is
select "select" as value from "Sälés"."Order" where ctid = $1::tid;

-- downgrade
