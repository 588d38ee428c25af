-- changeover revision 921649812f84
-- parent              09927864caac
-- plan                timestamp-timestamptz
-- name                drop
-- change              change_type public.events.at to timestamptz, using at at time zone 'Europe/Berlin'
-- title               drop the old at
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.events ()
-- scope added         changeover_at
-- expects             table public.events 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type
-- irreversible        the old values are gone; change the type back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_8e9c0d35_2_sync_insert" on public.events;
drop trigger if exists "~~changeover_8e9c0d35_2_sync_update" on public.events;
drop trigger if exists "~~changeover_8e9c0d35_3_note" on public.events;
drop trigger if exists "~~changeover_8e9c0d35_1_old_insert" on public.events;
drop trigger if exists "~~changeover_8e9c0d35_1_old_update" on public.events;
drop function if exists changeover.sync_8e9c0d35();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_8e9c0d35(timestamp with time zone, timestamp without time zone);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events drop column changeover_at;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.events alter column at set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.events drop constraint if exists changeover_events_at_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.events rename constraint changeover_events_at_not_null to events_at_not_null;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'timestamp-timestamptz';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'timestamp-timestamptz';

-- downgrade
