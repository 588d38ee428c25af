-- changeover revision 166a9584ff08
-- parent              4edb2c857dae
-- plan                user-triggers-fire
-- name                fill
-- change              set_not_null public.docs.body, NULLs become ''
-- title               fill the NULLs of body
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.docs (body)
-- scope not null      body
-- expects             column body 4eff35d3cbe7
-- expects             table public.docs 85728e9fabe4
-- expects             trigger count_revision 6cc9e47a4734
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          public.docs
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  fire
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.docs set body = ('')
where ctid = any (array(
  select ctid from public.docs where ctid >= $1::tid and ctid < $2::tid and body is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.docs where ctid >= $1::tid and ctid < $2::tid and body is null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.docs where ctid >= $1::tid and ctid < $2::tid and body is null;

-- one: fills the row at $1
update public.docs set body = ('') where ctid = $1::tid and body is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where body is null) as apart from public.docs where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from public.docs where ctid >= $1::tid and ctid < $2::tid and body is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select ('') as value from public.docs where ctid = $1::tid;

-- downgrade
