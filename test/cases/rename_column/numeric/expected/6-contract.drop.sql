-- changeover revision 7785c3879496
-- parent              492b60161d72
-- plan                numeric
-- name                drop
-- change              rename_column app.rates.rate to factor
-- title               drop rate; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.rates (rate)
-- scope added         factor
-- expects             column rate be4045ba326e
-- expects             index rates_rate_idx b8357086a50c
-- expects             table app.rates 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.rates.rate
-- deploy old          no: column rate is gone
-- deploy new          yes: the change is complete
-- irreversible        column rate was dropped; rename factor back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.rates
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_15f450a5_2_sync_insert" on app.rates;
drop trigger if exists "~~changeover_15f450a5_2_sync_update" on app.rates;
drop trigger if exists "~~changeover_15f450a5_1_old_insert" on app.rates;
drop trigger if exists "~~changeover_15f450a5_1_old_update" on app.rates;
drop trigger if exists "~~changeover_15f450a5_1_new_insert" on app.rates;
drop trigger if exists "~~changeover_15f450a5_1_new_update" on app.rates;
drop function if exists changeover.sync_15f450a5();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.rates
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.rates drop column rate;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.rates
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index app.changeover_rates_rate_idx rename to rates_rate_idx;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'numeric';

-- downgrade
