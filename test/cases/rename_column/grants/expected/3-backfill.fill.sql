-- changeover revision 5f2edf19f3a4
-- parent              be7126ac306c
-- plan                grants
-- name                fill
-- change              rename_column app.secrets.word to phrase
-- title               fill phrase from word
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.secrets (word)
-- scope added         phrase
-- expects             column word 38d560b3da42
-- expects             table app.secrets 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.secrets
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.secrets set phrase = word
where ctid = any (array(
  select ctid from app.secrets where ctid >= $1::tid and ctid < $2::tid and phrase is null and word is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.secrets where ctid >= $1::tid and ctid < $2::tid and phrase is null and word is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.secrets where ctid >= $1::tid and ctid < $2::tid and phrase is null and word is not null;

-- one: fills the row at $1
update app.secrets set phrase = word where ctid = $1::tid and phrase is null and word is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where word is distinct from phrase) as apart from app.secrets where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.secrets where ctid >= $1::tid and ctid < $2::tid and word is distinct from phrase;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select word as value from app.secrets where ctid = $1::tid;

-- back: the same, while the new one is
select phrase as value from app.secrets where ctid = $1::tid;

-- downgrade
