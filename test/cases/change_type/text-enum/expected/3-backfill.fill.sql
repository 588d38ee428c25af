-- changeover revision f8fcf4885839
-- parent              5d52286c083a
-- plan                text-enum
-- name                fill
-- change              change_type app.people.mood to app.mood, using mood::app.mood
-- title               fill mood as app.mood
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.people (mood)
-- scope added         changeover_mood
-- expects             column mood 0e335b2e1597
-- expects             index people_mood e05121233f24
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          app.people
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.people set changeover_mood = (mood::app.mood)
where ctid = any (array(
  select ctid from app.people where ctid >= $1::tid and ctid < $2::tid and changeover_mood is null and mood is not null and (mood::app.mood) is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.people where ctid >= $1::tid and ctid < $2::tid and changeover_mood is null and mood is not null and (mood::app.mood) is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.people where ctid >= $1::tid and ctid < $2::tid and changeover_mood is null and mood is not null and (mood::app.mood) is not null;

-- one: fills the row at $1
update app.people set changeover_mood = (mood::app.mood) where ctid = $1::tid and changeover_mood is null and mood is not null and (mood::app.mood) is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_f7cd3f6a(mood, changeover_mood) as s from app.people where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[id::text] as key, changeover.in_step_f7cd3f6a(mood, changeover_mood) as state from app.people where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (mood::app.mood) as value from app.people where ctid = $1::tid;

-- back: the same, while the new one is
select (mood::text) as value from app.people where ctid = $1::tid;

-- downgrade
