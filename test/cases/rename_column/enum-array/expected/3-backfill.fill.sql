-- changeover revision 612260244977
-- parent              fa3dabe0bd11
-- plan                enum-array
-- name                fill
-- change              rename_column app.people.moods to states
-- title               fill states from moods
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.people (moods)
-- scope added         states
-- expects             column moods ae09c2e28797
-- expects             constraint people_moods 52e0892dccb6
-- expects             index people_first 510bb81418fd
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.people
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.people set states = moods
where ctid = any (array(
  select ctid from app.people where ctid >= $1::tid and ctid < $2::tid and states is null and moods is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.people where ctid >= $1::tid and ctid < $2::tid and states is null and moods is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.people where ctid >= $1::tid and ctid < $2::tid and states is null and moods is not null;

-- one: fills the row at $1
update app.people set states = moods where ctid = $1::tid and states is null and moods is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where moods is distinct from states) as apart from app.people where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.people where ctid >= $1::tid and ctid < $2::tid and moods is distinct from states;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select moods as value from app.people where ctid = $1::tid;

-- back: the same, while the new one is
select states as value from app.people where ctid = $1::tid;

-- downgrade
