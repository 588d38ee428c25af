-- changeover revision 801e5459b2f7
-- parent              ec5d3fe58cf3
-- plan                numeric
-- name                fill
-- change              rename_column app.rates.rate to factor
-- title               fill factor from rate
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.rates (rate)
-- scope added         factor
-- expects             column rate be4045ba326e
-- expects             index rates_rate_idx b8357086a50c
-- expects             table app.rates 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.rates
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.rates set factor = rate
where ctid = any (array(
  select ctid from app.rates where ctid >= $1::tid and ctid < $2::tid and factor is null and rate is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.rates where ctid >= $1::tid and ctid < $2::tid and factor is null and rate is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.rates where ctid >= $1::tid and ctid < $2::tid and factor is null and rate is not null;

-- one: fills the row at $1
update app.rates set factor = rate where ctid = $1::tid and factor is null and rate is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where pg_catalog.record_image_ne(row(rate), row(factor))) as apart from app.rates where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.rates where ctid >= $1::tid and ctid < $2::tid and pg_catalog.record_image_ne(row(rate), row(factor));

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select rate as value from app.rates where ctid = $1::tid;

-- back: the same, while the new one is
select factor as value from app.rates where ctid = $1::tid;

-- downgrade
