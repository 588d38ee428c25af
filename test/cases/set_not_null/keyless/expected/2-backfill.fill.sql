-- changeover revision 9c023474eeba
-- parent              290d3d64e5cb
-- plan                keyless
-- name                fill
-- change              set_not_null public.log.level, NULLs become 0
-- title               fill the NULLs of level
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.log (level)
-- scope not null      level
-- expects             column level b09cdaee8b9a
-- expects             table public.log 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          public.log
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            ctid

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.log set level = (0)
where ctid = any (array(
  select ctid from public.log where ctid >= $1::tid and ctid < $2::tid and level is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.log where ctid >= $1::tid and ctid < $2::tid and level is null;

-- due: their keys and row addresses, to name one that fails
select array[ctid::text] as key, ctid from public.log where ctid >= $1::tid and ctid < $2::tid and level is null;

-- one: fills the row at $1
update public.log set level = (0) where ctid = $1::tid and level is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where level is null) as apart from public.log where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[ctid::text] as key from public.log where ctid >= $1::tid and ctid < $2::tid and level is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (0) as value from public.log where ctid = $1::tid;

-- downgrade
