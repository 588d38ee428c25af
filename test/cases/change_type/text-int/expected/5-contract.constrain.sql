-- changeover revision 02eaafc0d9f9
-- parent              2e7bdd61744c
-- plan                text-int
-- name                constrain
-- change              change_type public.imports.amount to integer, using amount::integer
-- title               constrain the new type as the old one is
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               public.imports (amount)
-- scope added         changeover_amount
-- expects             column amount 28288ae9463f
-- expects             table public.imports 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.imports') and c.conname = 'changeover_imports_amount_not_null')
alter table public.imports add constraint changeover_imports_amount_not_null check (changeover_amount is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.imports') and c.conname = 'changeover_imports_amount_not_null')
alter table public.imports add constraint changeover_imports_amount_not_null not null changeover_amount not valid;

-- step validate-changeover-imports-amount-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.imports
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.imports') and c.conname = 'changeover_imports_amount_not_null' and c.convalidated)
alter table public.imports validate constraint changeover_imports_amount_not_null;

-- downgrade

-- step drop-changeover-imports-amount-not-null
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.imports') and c.conname = 'changeover_imports_amount_not_null')
alter table public.imports drop constraint if exists changeover_imports_amount_not_null;
