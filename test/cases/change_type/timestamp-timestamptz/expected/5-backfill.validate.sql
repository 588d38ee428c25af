-- changeover revision bfde21f92e54
-- parent              39429ea7073e
-- plan                timestamp-timestamptz
-- name                validate
-- change              change_type public.events.at to timestamptz, using at at time zone 'Europe/Berlin'
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.events (at)
-- scope added         changeover_at
-- expects             column at 5d4f646443eb
-- expects             index events_at 7fb36b562ca8
-- expects             table public.events 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'events' and s.attname = 'changeover_at') or not exists (select from public.events)
analyze public.events (changeover_at);

-- downgrade
