-- changeover revision 4562cde3acff
-- parent              02eaafc0d9f9
-- plan                text-int
-- name                relax
-- change              change_type public.imports.amount to integer, using amount::integer
-- title               let the old type of amount go from its constraints; their twins stand
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

-- step drop-not-null
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select attnotnull = false from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('public.imports') and attname = 'amount'
alter table public.imports alter column amount drop not null;

-- downgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.imports') and c.conname = 'changeover_amount_given')
alter table public.imports add constraint changeover_amount_given check (amount is not null) not valid;

-- step validate-changeover-amount-given
--   lock     SHARE UPDATE EXCLUSIVE on public.imports
--   timeout  lock none, statement none
--   work     scan
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.imports') and c.conname = 'changeover_amount_given' and c.convalidated)
alter table public.imports validate constraint changeover_amount_given;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select attnotnull = true from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('public.imports') and attname = 'amount'
alter table public.imports alter column amount set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.imports') and c.conname = 'changeover_amount_given')
alter table public.imports drop constraint if exists changeover_amount_given;

-- step add-not-null
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.imports') and c.conname = 'imports_amount_not_null')
alter table public.imports add constraint imports_amount_not_null not null amount not valid;

-- step validate-imports-amount-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.imports
--   timeout  lock none, statement none
--   work     scan
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.imports') and c.conname = 'imports_amount_not_null' and c.convalidated)
alter table public.imports validate constraint imports_amount_not_null;
