-- changeover revision 81a5f115a450
-- parent              1d274256f730
-- plan                domain-citext
-- name                fill
-- change              set_not_null public.users.email, NULLs become (name || '@Example.com')::public.mail
-- title               fill the NULLs of email
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.users (email, name)
-- scope not null      email
-- expects             column email 14fb71ed4cbc
-- expects             column name 0d661d9eee16
-- expects             constraint users_email_key e77bfdbcb4a8
-- expects             index users_email_key d3cb0a156bcf
-- expects             table public.users 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          public.users
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.users set email = ((name || '@Example.com')::public.mail)
where ctid = any (array(
  select ctid from public.users where ctid >= $1::tid and ctid < $2::tid and email is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.users where ctid >= $1::tid and ctid < $2::tid and email is null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.users where ctid >= $1::tid and ctid < $2::tid and email is null;

-- one: fills the row at $1
update public.users set email = ((name || '@Example.com')::public.mail) where ctid = $1::tid and email is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where email is null) as apart from public.users where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from public.users where ctid >= $1::tid and ctid < $2::tid and email is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select ((name || '@Example.com')::public.mail) as value from public.users where ctid = $1::tid;

-- downgrade
