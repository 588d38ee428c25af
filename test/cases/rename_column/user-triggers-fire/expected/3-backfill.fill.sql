-- changeover revision 1ec23bc8f7df
-- parent              7b55c3482b40
-- plan                user-triggers-fire
-- name                fill
-- change              rename_column public.docs.body to content
-- title               fill content from body
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.docs (body)
-- scope added         content
-- expects             column body 4eff35d3cbe7
-- expects             table public.docs 85728e9fabe4
-- expects             trigger count_revision 6cc9e47a4734
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          public.docs
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  fire
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.docs set content = body
where ctid = any (array(
  select ctid from public.docs where ctid >= $1::tid and ctid < $2::tid and content is null and body is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.docs where ctid >= $1::tid and ctid < $2::tid and content is null and body is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.docs where ctid >= $1::tid and ctid < $2::tid and content is null and body is not null;

-- one: fills the row at $1
update public.docs set content = body where ctid = $1::tid and content is null and body is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where body is distinct from content) as apart from public.docs where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from public.docs where ctid >= $1::tid and ctid < $2::tid and body is distinct from content;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select body as value from public.docs where ctid = $1::tid;

-- back: the same, while the new one is
select content as value from public.docs where ctid = $1::tid;

-- downgrade
