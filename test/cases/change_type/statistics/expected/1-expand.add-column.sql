-- changeover revision b89e288c8012
-- parent              none
-- plan                statistics
-- name                add-column
-- change              change_type app.readings.sensor to bigint
-- title               add sensor as bigint, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.readings (sensor)
-- scope added         changeover_sensor
-- expects             column sensor cd2b9d5895ba
-- expects             statistics "\"Stats\".\"Of readings\"" ed5264ac4872
-- expects             statistics app.readings_all fc234c61469d
-- expects             statistics app.readings_one cdcc56ddbeb7
-- expects             table app.readings 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like sensor
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings add column changeover_sensor bigint;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.readings
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.readings drop column if exists changeover_sensor;
