-- changeover revision 961cf416257c
-- parent              089fb433dd99
-- plan                keyless-unfilled
-- name                look
-- change              set_not_null public.log.level
-- title               look for NULLs in level
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.log (level)
-- scope not null      level
-- expects             column level b09cdaee8b9a
-- expects             table public.log 85728e9fabe4
-- deploy old          yes: NULLs are only noted
-- deploy new          yes: it never sends NULL
-- fill table          public.log
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            ctid

-- upgrade

-- left: the rows of these pages that are still due
select count(*) from public.log where ctid >= $1::tid and ctid < $2::tid and level is null;

-- due: their keys and row addresses, to name one that fails
select array[ctid::text] as key, ctid from public.log where ctid >= $1::tid and ctid < $2::tid and level is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where level is null) as apart from public.log where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[ctid::text] as key from public.log where ctid >= $1::tid and ctid < $2::tid and level is null;

-- downgrade
