-- changeover revision 06ca60bca790
-- parent              9ca0532162f9
-- plan                timestamp-timestamptz
-- name                relax
-- change              change_type public.events.at to timestamptz, using at at time zone 'Europe/Berlin'
-- title               let the old type of at go from its constraints; their twins stand
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               public.events (at)
-- scope added         changeover_at
-- expects             column at 5d4f646443eb
-- expects             index events_at 7fb36b562ca8
-- expects             table public.events 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step drop-not-null
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select attnotnull = false from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('public.events') and attname = 'at'
alter table public.events alter column at drop not null;

-- downgrade

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'changeover_at_given')
alter table public.events add constraint changeover_at_given check (at is not null) not valid;

-- step validate-changeover-at-given
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     scan
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'changeover_at_given' and c.convalidated)
alter table public.events validate constraint changeover_at_given;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select attnotnull = true from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass('public.events') and attname = 'at'
alter table public.events alter column at set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'changeover_at_given')
alter table public.events drop constraint if exists changeover_at_given;

-- step add-not-null
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'events_at_not_null')
alter table public.events add constraint events_at_not_null not null at not valid;

-- step validate-events-at-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     scan
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'events_at_not_null' and c.convalidated)
alter table public.events validate constraint events_at_not_null;
