-- changeover revision f3c4bb8c2b50
-- parent              574f74eb5da3
-- plan                foreign-keys
-- name                fill
-- change              rename_column app.notes.owner to user_id
-- title               fill user_id from owner
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.notes (owner)
-- scope added         user_id
-- expects             column owner 12fbaa604379
-- expects             constraint "Notes' owner" cd8a085af75b
-- expects             constraint notes_owner f7bb07a46bb2
-- expects             constraint notes_owner_kind 522514ce6651
-- expects             constraint notes_unchecked 1c10ceaa0313
-- expects             table app.notes 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.notes
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.notes set user_id = owner
where ctid = any (array(
  select ctid from app.notes where ctid >= $1::tid and ctid < $2::tid and user_id is null and owner is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.notes where ctid >= $1::tid and ctid < $2::tid and user_id is null and owner is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.notes where ctid >= $1::tid and ctid < $2::tid and user_id is null and owner is not null;

-- one: fills the row at $1
update app.notes set user_id = owner where ctid = $1::tid and user_id is null and owner is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where owner is distinct from user_id) as apart from app.notes where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.notes where ctid >= $1::tid and ctid < $2::tid and owner is distinct from user_id;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select owner as value from app.notes where ctid = $1::tid;

-- back: the same, while the new one is
select user_id as value from app.notes where ctid = $1::tid;

-- downgrade
