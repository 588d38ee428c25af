-- changeover revision 9ca0532162f9
-- parent              bfde21f92e54
-- plan                timestamp-timestamptz
-- name                constrain
-- change              change_type public.events.at to timestamptz, using at at time zone 'Europe/Berlin'
-- title               constrain the new type as the old one is
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

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'changeover_events_at_not_null')
alter table public.events add constraint changeover_events_at_not_null check (changeover_at is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'changeover_events_at_not_null')
alter table public.events add constraint changeover_events_at_not_null not null changeover_at not valid;

-- step validate-changeover-events-at-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'changeover_events_at_not_null' and c.convalidated)
alter table public.events validate constraint changeover_events_at_not_null;

-- downgrade

-- step drop-changeover-events-at-not-null
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'changeover_events_at_not_null')
alter table public.events drop constraint if exists changeover_events_at_not_null;
