-- changeover revision 62cc79019cd2
-- parent              da20f5af3381
-- plan                nondeterministic
-- name                fill
-- change              rename_column app.tags.tag to keyword
-- title               fill keyword from tag
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.tags (tag)
-- scope added         keyword
-- expects             column tag f94d604e8660
-- expects             index tags_c 5943f548829e
-- expects             index tags_tag e009a5d6746f
-- expects             table app.tags 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.tags
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.tags set keyword = tag
where ctid = any (array(
  select ctid from app.tags where ctid >= $1::tid and ctid < $2::tid and keyword is null and tag is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.tags where ctid >= $1::tid and ctid < $2::tid and keyword is null and tag is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.tags where ctid >= $1::tid and ctid < $2::tid and keyword is null and tag is not null;

-- one: fills the row at $1
update app.tags set keyword = tag where ctid = $1::tid and keyword is null and tag is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where pg_catalog.record_image_ne(row(tag), row(keyword))) as apart from app.tags where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.tags where ctid >= $1::tid and ctid < $2::tid and pg_catalog.record_image_ne(row(tag), row(keyword));

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select tag as value from app.tags where ctid = $1::tid;

-- back: the same, while the new one is
select keyword as value from app.tags where ctid = $1::tid;

-- downgrade
