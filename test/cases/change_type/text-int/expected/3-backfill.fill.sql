-- changeover revision aea771bc51c9
-- parent              eb302fab4bc3
-- plan                text-int
-- name                fill
-- change              change_type public.imports.amount to integer, using amount::integer
-- title               fill amount as integer
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               public.imports (amount)
-- scope added         changeover_amount
-- expects             column amount 28288ae9463f
-- expects             table public.imports 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          public.imports
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update public.imports set changeover_amount = (amount::integer)
where ctid = any (array(
  select ctid from public.imports where ctid >= $1::tid and ctid < $2::tid and changeover_amount is null and amount is not null and (amount::integer) is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from public.imports where ctid >= $1::tid and ctid < $2::tid and changeover_amount is null and amount is not null and (amount::integer) is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from public.imports where ctid >= $1::tid and ctid < $2::tid and changeover_amount is null and amount is not null and (amount::integer) is not null;

-- one: fills the row at $1
update public.imports set changeover_amount = (amount::integer) where ctid = $1::tid and changeover_amount is null and amount is not null and (amount::integer) is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_35ef3ec2(amount, changeover_amount) as s from public.imports where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[id::text] as key, changeover.in_step_35ef3ec2(amount, changeover_amount) as state from public.imports where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (amount::integer) as value from public.imports where ctid = $1::tid;

-- back: the same, while the new one is
select (amount::text) as value from public.imports where ctid = $1::tid;

-- downgrade
