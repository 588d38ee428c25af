-- changeover revision 008d033bb371
-- parent              a7942419a91e
-- plan                citext
-- name                fill
-- change              rename_column app.users.email to mail
-- title               fill mail from email
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.users (email)
-- scope added         mail
-- expects             column email ead3db096f92
-- expects             constraint users_email_key e77bfdbcb4a8
-- expects             index users_email_key aaab6c4887ff
-- expects             index users_lower a224993b0213
-- expects             table app.users 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.users
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.users set mail = email
where ctid = any (array(
  select ctid from app.users where ctid >= $1::tid and ctid < $2::tid and mail is null and email is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.users where ctid >= $1::tid and ctid < $2::tid and mail is null and email is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.users where ctid >= $1::tid and ctid < $2::tid and mail is null and email is not null;

-- one: fills the row at $1
update app.users set mail = email where ctid = $1::tid and mail is null and email is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where pg_catalog.record_image_ne(row(email), row(mail))) as apart from app.users where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.users where ctid >= $1::tid and ctid < $2::tid and pg_catalog.record_image_ne(row(email), row(mail));

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select email as value from app.users where ctid = $1::tid;

-- back: the same, while the new one is
select mail as value from app.users where ctid = $1::tid;

-- downgrade
