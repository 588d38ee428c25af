-- changeover revision b64c13d0b78f
-- parent              7708a8a8bfcb
-- plan                serial
-- name                fill
-- change              rename_column app.tickets.number to ticket
-- title               fill ticket from number
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.tickets (number)
-- scope added         ticket
-- expects             column number 4fe7cb0a284f
-- expects             table app.tickets 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.tickets
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.tickets set ticket = number
where ctid = any (array(
  select ctid from app.tickets where ctid >= $1::tid and ctid < $2::tid and ticket is null and number is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.tickets where ctid >= $1::tid and ctid < $2::tid and ticket is null and number is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.tickets where ctid >= $1::tid and ctid < $2::tid and ticket is null and number is not null;

-- one: fills the row at $1
update app.tickets set ticket = number where ctid = $1::tid and ticket is null and number is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where number is distinct from ticket) as apart from app.tickets where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.tickets where ctid >= $1::tid and ctid < $2::tid and number is distinct from ticket;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select number as value from app.tickets where ctid = $1::tid;

-- back: the same, while the new one is
select ticket as value from app.tickets where ctid = $1::tid;

-- downgrade
