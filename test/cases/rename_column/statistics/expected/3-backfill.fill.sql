-- changeover revision 605eff4637b8
-- parent              b043d88b5751
-- plan                statistics
-- name                fill
-- change              rename_column app.readings.sensor to probe
-- title               fill probe from sensor
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.readings (sensor)
-- scope added         probe
-- expects             column sensor cd2b9d5895ba
-- expects             statistics "\"Stats\".\"Of readings\"" ed5264ac4872
-- expects             statistics app.readings_all fc234c61469d
-- expects             statistics app.readings_one cdcc56ddbeb7
-- expects             table app.readings 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its indexes and constraints are not complete yet
-- fill table          app.readings
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.readings set probe = sensor
where ctid = any (array(
  select ctid from app.readings where ctid >= $1::tid and ctid < $2::tid and probe is null and sensor is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.readings where ctid >= $1::tid and ctid < $2::tid and probe is null and sensor is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.readings where ctid >= $1::tid and ctid < $2::tid and probe is null and sensor is not null;

-- one: fills the row at $1
update app.readings set probe = sensor where ctid = $1::tid and probe is null and sensor is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where sensor is distinct from probe) as apart from app.readings where ctid >= $1::tid and ctid < $2::tid;

-- mismatches: the keys of those
select array[id::text] as key from app.readings where ctid >= $1::tid and ctid < $2::tid and sensor is distinct from probe;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select sensor as value from app.readings where ctid = $1::tid;

-- back: the same, while the new one is
select probe as value from app.readings where ctid = $1::tid;

-- downgrade
