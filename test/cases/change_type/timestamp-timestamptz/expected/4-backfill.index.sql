-- changeover revision 39429ea7073e
-- parent              c1543245d022
-- plan                timestamp-timestamptz
-- name                index
-- change              change_type public.events.at to timestamptz, using at at time zone 'Europe/Berlin'
-- title               build the indexes of at over its new type
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

-- step create-changeover-events-at: twin of events_at
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_events_at')), false)
--   heals    public.changeover_events_at
create index concurrently changeover_events_at on public.events using btree (changeover_at desc, id) where (id > 10);

-- downgrade

-- step drop-changeover-events-at
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_events_at') is null
drop index concurrently if exists public.changeover_events_at;
