-- changeover revision 46b414bb9298
-- parent              280cda24170d
-- plan                set-columns
-- name                fill
-- change              rename_column public.pets.owner to keeper
-- title               fill keeper from owner
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.pets (owner)
-- scope added         keeper
-- expects             column owner b09cdaee8b9a
-- expects             constraint pets_default 628bfe6ade4c
-- expects             constraint pets_owner 3fb62246deda
-- expects             table public.pets 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          public.pets
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.pets set keeper = owner
where ctid = any (array(
  select ctid from public.pets where ctid >= $1::tid and ctid < $2::tid and keeper is null and owner is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.pets where ctid >= $1::tid and ctid < $2::tid and keeper is null and owner is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.pets where ctid >= $1::tid and ctid < $2::tid and keeper is null and owner is not null;

-- one: fills the row at $1
update public.pets set keeper = owner where ctid = $1::tid and keeper is null and owner is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where owner is distinct from keeper) as apart from public.pets where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from public.pets where ctid >= $1::tid and ctid < $2::tid and owner is distinct from keeper;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select owner as value from public.pets where ctid = $1::tid;

-- back: the same, while the new one is
select keeper as value from public.pets where ctid = $1::tid;

-- downgrade
