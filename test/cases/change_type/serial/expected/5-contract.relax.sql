-- changeover revision f4d842016375
-- parent              d0315de6bf11
-- plan                serial
-- name                relax
-- change              change_type public.tickets.number to bigint
-- title               let the old type of number go from its constraints; their twins stand
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               public.tickets (number)
-- scope added         changeover_number
-- expects             column number 0811258d997a
-- expects             table public.tickets 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step drop-not-null
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select attnotnull = false from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('public.tickets') and attname = 'number'
alter table public.tickets alter column number drop not null;

-- downgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.tickets') and c.conname = 'changeover_number_given')
alter table public.tickets add constraint changeover_number_given check (number is not null) not valid;

-- step validate-changeover-number-given
--   lock     SHARE UPDATE EXCLUSIVE on public.tickets
--   timeout  lock none, statement none
--   work     scan
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.tickets') and c.conname = 'changeover_number_given' and c.convalidated)
alter table public.tickets validate constraint changeover_number_given;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select attnotnull = true from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('public.tickets') and attname = 'number'
alter table public.tickets alter column number set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.tickets') and c.conname = 'changeover_number_given')
alter table public.tickets drop constraint if exists changeover_number_given;

-- step add-not-null
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.tickets') and c.conname = 'tickets_number_not_null')
alter table public.tickets add constraint tickets_number_not_null not null number not valid;

-- step validate-tickets-number-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.tickets
--   timeout  lock none, statement none
--   work     scan
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.tickets') and c.conname = 'tickets_number_not_null' and c.convalidated)
alter table public.tickets validate constraint tickets_number_not_null;
