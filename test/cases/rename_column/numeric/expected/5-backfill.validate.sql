-- changeover revision 492b60161d72
-- parent              e46780c4da36
-- plan                numeric
-- name                validate
-- change              rename_column app.rates.rate to factor
-- title               validate the constraints of factor, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.rates (rate)
-- scope added         factor
-- expects             column rate be4045ba326e
-- expects             index rates_rate_idx b8357086a50c
-- expects             table app.rates 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.rates
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'rates' and s.attname = 'factor') or not exists (select from app.rates)
analyze app.rates (factor);

-- downgrade
