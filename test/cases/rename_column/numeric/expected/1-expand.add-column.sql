-- changeover revision c2159df97388
-- parent              none
-- plan                numeric
-- name                add-column
-- change              rename_column app.rates.rate to factor
-- title               add column factor, like rate
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.rates (rate)
-- scope added         factor
-- expects             column rate be4045ba326e
-- expects             index rates_rate_idx b8357086a50c
-- expects             table app.rates 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like rate
--   lock     ACCESS EXCLUSIVE on app.rates
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.rates add column factor numeric;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.rates
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.rates drop column if exists factor;
