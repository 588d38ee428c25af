-- changeover revision 4e3045a2f74d
-- parent              d32bb99c8cee
-- plan                transform
-- name                fill
-- change              set_not_null app.people.tags, NULLs become what a transform of "First", last gives
-- title               fill the NULLs of tags
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.people (tags, "First", last)
-- scope not null      tags
-- expects             column First 0d661d9eee16
-- expects             column last 4eff35d3cbe7
-- expects             column tags 6d10f7a2eea7
-- expects             index people_unfilled f864b4a694fe
-- expects             table app.people 85728e9fabe4
-- deploy old          yes: a NULL that it sends is noted, and filled later
-- deploy new          yes: it never sends NULL
-- fill table          app.people
-- fill strategy       cursor: change.ts computes the values, which SQL cannot
-- fill transform      144608507b172c9e9fd72e43e59a569dde3d27bc7501df3c7c5bce8a4c7b5ef2 change.ts
-- fill reads          "First", last
-- fill value          character varying[]
-- fill user triggers  none
-- fill key            id

-- upgrade

-- cursor: reads the due rows of the pages from $1 to before $2 for the transform, one in $3 + 1 at a time
select array[id::text] as key, ctid, xmin, "First", last from app.people
where ctid >= $1::tid and ctid < $2::tid and tags is null and hashtid(ctid) & $3::integer = $4::integer;

-- write: writes the values $3 to the rows $1 that are still of the version $2 and that nobody has locked
with mine as materialized (
  select t.ctid as tid, w.value
  from unnest((select $1::tid[]), (select $2::text[]), (select $3::text[])) as w (tid, version, value)
  join app.people as t on t.ctid = w.tid
  where t.tags is null and t.xmin::text = w.version
  for no key update of t skip locked)
update app.people as t set tags = mine.value::character varying[] from mine where t.ctid = mine.tid;

-- left: the rows of these pages that are still due
select count(*) from app.people where ctid >= $1::tid and ctid < $2::tid and tags is null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.people where ctid >= $1::tid and ctid < $2::tid and tags is null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where tags is null) as apart from app.people where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.people where ctid >= $1::tid and ctid < $2::tid and tags is null;

-- downgrade
