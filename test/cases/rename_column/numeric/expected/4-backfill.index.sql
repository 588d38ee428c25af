-- changeover revision e46780c4da36
-- parent              801e5459b2f7
-- plan                numeric
-- name                index
-- change              rename_column app.rates.rate to factor
-- title               build the indexes of factor
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.rates (rate)
-- scope added         factor
-- expects             column rate be4045ba326e
-- expects             index rates_rate_idx b8357086a50c
-- expects             table app.rates 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-rates-rate-idx: twin of rates_rate_idx
--   lock     SHARE UPDATE EXCLUSIVE on app.rates
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_rates_rate_idx')), false)
--   heals    app.changeover_rates_rate_idx
create index concurrently changeover_rates_rate_idx on app.rates using btree (factor);

-- downgrade

-- step drop-changeover-rates-rate-idx
--   lock     SHARE UPDATE EXCLUSIVE on app.rates
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_rates_rate_idx') is null
drop index concurrently if exists app.changeover_rates_rate_idx;
