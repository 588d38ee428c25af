-- changeover revision 968e667fbece
-- parent              none
-- plan                statistics
-- name                add-column
-- change              rename_column app.readings.sensor to probe
-- title               add column probe, like sensor
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.readings (sensor)
-- scope added         probe
-- expects             column sensor cd2b9d5895ba
-- expects             statistics "\"Stats\".\"Of readings\"" ed5264ac4872
-- expects             statistics app.readings_all fc234c61469d
-- expects             statistics app.readings_one cdcc56ddbeb7
-- expects             table app.readings 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like sensor
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings add column probe integer;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings drop column if exists probe;
