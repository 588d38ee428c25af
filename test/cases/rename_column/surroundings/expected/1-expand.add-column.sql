-- changeover revision e98dd3cd6ee8
-- parent              none
-- plan                surroundings
-- name                add-column
-- change              rename_column app.accounts.balance to cents
-- title               add column cents, like balance
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.accounts (balance)
-- scope added         cents
-- expects             column balance 43aa6624a39f
-- expects             table app.accounts 05b19abbc2ab
-- expects             trigger watch 67ae9c0750e2
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like balance
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.accounts add column cents integer;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.accounts drop column if exists cents;
