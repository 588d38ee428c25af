-- changeover revision 0eb3a7c7fc44
-- parent              8546bb8e3dc7
-- plan                partitioned-levels
-- name                fill
-- change              rename_column app.t.email to mail
-- title               fill mail from email
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.t (email)
-- scope added         mail
-- expects             column email 2331e884d737
-- expects             constraint t_once 5f23e8dec668
-- expects             index t_email_idx 79ecc23bc0bf
-- expects             index t_once 1c08b7d0b833
-- expects             table app.t 5b7b0a57c90b
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.t
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            ctid

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.t set mail = email
where ctid = any (array(
  select ctid from app.t where ctid >= $1::tid and ctid < $2::tid and mail is null and email is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.t where ctid >= $1::tid and ctid < $2::tid and mail is null and email is not null;

-- due: their keys and row addresses, to name one that fails
select array[ctid::text] as key, ctid from app.t where ctid >= $1::tid and ctid < $2::tid and mail is null and email is not null;

-- one: fills the row at $1
update app.t set mail = email where ctid = $1::tid and mail is null and email is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where email is distinct from mail) as apart from app.t where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[ctid::text] as key from app.t where ctid >= $1::tid and ctid < $2::tid and email is distinct from mail;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select email as value from app.t where ctid = $1::tid;

-- back: the same, while the new one is
select mail as value from app.t where ctid = $1::tid;

-- downgrade
