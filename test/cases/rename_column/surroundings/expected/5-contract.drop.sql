-- changeover revision aed172e5127d
-- parent              11c4c530eb33
-- plan                surroundings
-- name                drop
-- change              rename_column app.accounts.balance to cents
-- title               drop balance; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.accounts (balance)
-- scope added         cents
-- expects             column balance 43aa6624a39f
-- expects             table app.accounts 05b19abbc2ab
-- expects             trigger watch 67ae9c0750e2
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.accounts.balance
-- deploy old          no: column balance is gone
-- deploy new          yes: the change is complete
-- irreversible        column balance was dropped; rename cents back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_3319492f_2_sync_insert" on app.accounts;
drop trigger if exists "~~changeover_3319492f_2_sync_update" on app.accounts;
drop trigger if exists "~~changeover_3319492f_1_old_insert" on app.accounts;
drop trigger if exists "~~changeover_3319492f_1_old_update" on app.accounts;
drop trigger if exists "~~changeover_3319492f_1_new_insert" on app.accounts;
drop trigger if exists "~~changeover_3319492f_1_new_update" on app.accounts;
drop function if exists changeover.sync_3319492f();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.accounts drop column balance;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.accounts alter column cents set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.accounts drop constraint if exists changeover_accounts_balance_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.accounts rename constraint changeover_accounts_balance_not_null to accounts_balance_not_null;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'surroundings';

-- downgrade
