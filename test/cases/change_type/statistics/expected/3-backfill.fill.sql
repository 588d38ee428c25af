-- changeover revision e546f2a98be2
-- parent              aab6926bcf5a
-- plan                statistics
-- name                fill
-- change              change_type app.readings.sensor to bigint
-- title               fill sensor as bigint
-- lane                tail
-- phase               backfill
-- runner              backfill
-- scope               app.readings (sensor)
-- scope added         changeover_sensor
-- expects             column sensor cd2b9d5895ba
-- expects             statistics "\"Stats\".\"Of readings\"" ed5264ac4872
-- expects             statistics app.readings_all fc234c61469d
-- expects             statistics app.readings_one cdcc56ddbeb7
-- expects             table app.readings 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type
-- fill table          app.readings
-- fill strategy       windows: heap reads ranges of row addresses
-- fill user triggers  none
-- fill key            id

-- upgrade

-- batch: fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time
update app.readings set changeover_sensor = (sensor::bigint)
where ctid = any (array(
  select ctid from app.readings where ctid >= $1::tid and ctid < $2::tid and changeover_sensor is null and sensor is not null and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked));

-- left: the rows of these pages that are still due
select count(*) from app.readings where ctid >= $1::tid and ctid < $2::tid and changeover_sensor is null and sensor is not null;

-- due: their keys and row addresses, to name one that fails
select array[id::text] as key, ctid from app.readings where ctid >= $1::tid and ctid < $2::tid and changeover_sensor is null and sensor is not null;

-- one: fills the row at $1
update app.readings set changeover_sensor = (sensor::bigint) where ctid = $1::tid and changeover_sensor is null and sensor is not null;

-- verify: the rows of these pages, and how many of them are not in step
select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select changeover.in_step_49d48431(sensor, changeover_sensor) as s from app.readings where ctid >= $1::tid and ctid < $2::tid offset 0) looked;

-- mismatches: the keys of those
select key, state
from (select array[id::text] as key, changeover.in_step_49d48431(sensor, changeover_sensor) as state from app.readings where ctid >= $1::tid and ctid < $2::tid offset 0) looked where state <> 1;

-- forth: what the side that follows should hold in the row at $1, while the old one is the authority
select (sensor::bigint) as value from app.readings where ctid = $1::tid;

-- back: the same, while the new one is
select (sensor::integer) as value from app.readings where ctid = $1::tid;

-- downgrade
