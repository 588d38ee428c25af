-- changeover revision 492b759149f1
-- parent              b912bbdfeb76
-- plan                jsonb
-- name                validate
-- change              rename_column public.events.payload to data
-- title               validate the constraints of data, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.events (payload)
-- scope added         data
-- expects             column payload 5d73ce7fac66
-- expects             constraint payload_is bfe91cbb1129
-- expects             index events_total b0e13ad7c413
-- expects             table public.events 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-events-payload-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'changeover_events_payload_not_null' and c.convalidated)
alter table public.events validate constraint changeover_events_payload_not_null;

-- step validate-changeover-payload-is
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'changeover_payload_is' and c.convalidated)
alter table public.events validate constraint changeover_payload_is;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'events' and s.attname = 'data') or not exists (select from public.events)
analyze public.events;

-- downgrade
