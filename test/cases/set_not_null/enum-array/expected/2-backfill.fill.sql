-- changeover revision 61fef5dc3ca1
-- parent              8dd561963699
-- plan                enum-array
-- name                fill
-- change              set_not_null app.people.moods, NULLs become array['it''s ok', first]::app."Mood"[]
-- title               fill the NULLs of moods
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.people (moods, first)
-- scope not null      moods
-- expects             column first a56d3e8169ec
-- expects             column moods 7513cc928466
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL
-- fill table          app.people
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.people set moods = (array['it''s ok', first]::app."Mood"[])
where ctid = any (array(
  select ctid from app.people where ctid >= $1::tid and ctid < $2::tid and moods is null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.people where ctid >= $1::tid and ctid < $2::tid and moods is null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.people where ctid >= $1::tid and ctid < $2::tid and moods is null;

-- one: fills the row at $1
update app.people set moods = (array['it''s ok', first]::app."Mood"[]) where ctid = $1::tid and moods is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where moods is null) as apart from app.people where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.people where ctid >= $1::tid and ctid < $2::tid and moods is null;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (array['it''s ok', first]::app."Mood"[]) as value from app.people where ctid = $1::tid;

-- downgrade
