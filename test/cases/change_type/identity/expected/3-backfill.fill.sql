-- changeover revision 89f035246213
-- parent              44f812f6588f
-- plan                identity
-- name                fill
-- change              change_type app.tickets.number to bigint
-- title               fill number as bigint
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.tickets (number)
-- scope added         changeover_number
-- expects             column number b26c25708c3e
-- expects             index tickets_number_idx 52cab8b52bce
-- expects             table app.tickets 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          app.tickets
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.tickets set changeover_number = (number::bigint)
where ctid = any (array(
  select ctid from app.tickets where ctid >= $1::tid and ctid < $2::tid and changeover_number is null and number is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.tickets where ctid >= $1::tid and ctid < $2::tid and changeover_number is null and number is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.tickets where ctid >= $1::tid and ctid < $2::tid and changeover_number is null and number is not null;

-- one: fills the row at $1
update app.tickets set changeover_number = (number::bigint) where ctid = $1::tid and changeover_number is null and number is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_689f6a62(number, changeover_number) as s from app.tickets where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[id::text] as key, changeover.in_step_689f6a62(number, changeover_number) as state from app.tickets where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (number::bigint) as value from app.tickets where ctid = $1::tid;

-- back: the same, while the new one is
select (number::integer) as value from app.tickets where ctid = $1::tid;

-- downgrade
