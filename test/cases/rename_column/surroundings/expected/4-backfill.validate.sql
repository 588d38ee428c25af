-- changeover revision 11c4c530eb33
-- parent              96938dbaafb6
-- plan                surroundings
-- name                validate
-- change              rename_column app.accounts.balance to cents
-- title               validate the constraints of cents, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.accounts (balance)
-- scope added         cents
-- expects             column balance 43aa6624a39f
-- expects             table app.accounts 05b19abbc2ab
-- expects             trigger watch 67ae9c0750e2
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-accounts-balance-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.accounts
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.accounts') and c.conname = 'changeover_accounts_balance_not_null' and c.convalidated)
alter table app.accounts validate constraint changeover_accounts_balance_not_null;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.accounts
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'accounts' and s.attname = 'cents') or not exists (select from app.accounts)
analyze app.accounts (cents);

-- downgrade
