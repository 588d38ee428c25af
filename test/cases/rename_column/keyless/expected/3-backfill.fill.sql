-- changeover revision ec02e1903aa4
-- parent              2ba4e716f06d
-- plan                keyless
-- name                fill
-- change              rename_column public.log.message to line
-- title               fill line from message
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.log (message)
-- scope added         line
-- expects             column message 4eff35d3cbe7
-- expects             table public.log 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          public.log
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            ctid

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.log set line = message
where ctid = any (array(
  select ctid from public.log where ctid >= $1::tid and ctid < $2::tid and line is null and message is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.log where ctid >= $1::tid and ctid < $2::tid and line is null and message is not null;

-- due: their keys and row addresses, to name one that fails
select array[ctid::text] as key, ctid from public.log where ctid >= $1::tid and ctid < $2::tid and line is null and message is not null;

-- one: fills the row at $1
update public.log set line = message where ctid = $1::tid and line is null and message is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where message is distinct from line) as apart from public.log where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[ctid::text] as key from public.log where ctid >= $1::tid and ctid < $2::tid and message is distinct from line;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select message as value from public.log where ctid = $1::tid;

-- back: the same, while the new one is
select line as value from public.log where ctid = $1::tid;

-- downgrade
