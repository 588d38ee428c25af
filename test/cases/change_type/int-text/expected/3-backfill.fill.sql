-- changeover revision e572616fccff
-- parent              ba1b7ee2319d
-- plan                int-text
-- name                fill
-- change              change_type public.orders."Code" to text, using -- what it is called 'c -- step ' || "Code"
-- title               fill Code as text
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.orders ("Code")
-- scope added         "changeover_Code"
-- expects             column Code b09cdaee8b9a
-- expects             index "Orders code" b0a7901a5624
-- expects             table public.orders 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          public.orders
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.orders set "changeover_Code" = (-- what it is called
'c
-- step ' || "Code")
where ctid = any (array(
  select ctid from public.orders where ctid >= $1::tid and ctid < $2::tid and "changeover_Code" is null and "Code" is not null and (-- what it is called
'c
-- step ' || "Code") is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.orders where ctid >= $1::tid and ctid < $2::tid and "changeover_Code" is null and "Code" is not null and (-- what it is called
'c
-- step ' || "Code") is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.orders where ctid >= $1::tid and ctid < $2::tid and "changeover_Code" is null and "Code" is not null and (-- what it is called
'c
-- step ' || "Code") is not null;

-- one: fills the row at $1
update public.orders set "changeover_Code" = (-- what it is called
'c
-- step ' || "Code") where ctid = $1::tid and "changeover_Code" is null and "Code" is not null and (-- what it is called
'c
-- step ' || "Code") is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_f0fd0d06("Code", "changeover_Code") as s from public.orders where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[id::text] as key, changeover.in_step_f0fd0d06("Code", "changeover_Code") as state from public.orders where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (-- what it is called
'c
-- step ' || "Code") as value from public.orders where ctid = $1::tid;

-- back: the same, while the new one is
select (substr("Code", 11)::integer) as value from public.orders where ctid = $1::tid;

-- downgrade
