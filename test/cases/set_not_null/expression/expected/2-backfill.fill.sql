-- changeover revision d4e51a2b06c7
-- parent              d79f2c81755a
-- plan                expression
-- name                fill
-- change              set_not_null public."Ümläut"."Nick", NULLs become "Name" || ' (nick)'
-- title               fill the NULLs of Nick
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public."Ümläut" ("Nick", "Name")
-- scope not null      "Nick"
-- expects             column Name 0d661d9eee16
-- expects             column Nick 4eff35d3cbe7
-- expects             table "public.\"Ümläut\"" 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          public."Ümläut"
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            "Id"

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public."Ümläut" set "Nick" = ("Name" || ' (nick)')
where ctid = any (array(
  select ctid from public."Ümläut" where ctid >= $1::tid and ctid < $2::tid and "Nick" is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public."Ümläut" where ctid >= $1::tid and ctid < $2::tid and "Nick" is null;

-- due: their keys and row addresses, to name one that fails
select array["Id"::text] as key, ctid from public."Ümläut" where ctid >= $1::tid and ctid < $2::tid and "Nick" is null;

-- one: fills the row at $1
update public."Ümläut" set "Nick" = ("Name" || ' (nick)') where ctid = $1::tid and "Nick" is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where "Nick" is null) as apart from public."Ümläut" where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array["Id"::text] as key from public."Ümläut" where ctid >= $1::tid and ctid < $2::tid and "Nick" is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select ("Name" || ' (nick)') as value from public."Ümläut" where ctid = $1::tid;

-- downgrade
