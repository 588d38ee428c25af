-- changeover revision b912bbdfeb76
-- parent              7ab40f2f22ef
-- plan                jsonb
-- name                index
-- change              rename_column public.events.payload to data
-- title               build the indexes of data
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
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-events-total: twin of events_total
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_events_total')), false)
--   heals    public.changeover_events_total
create index concurrently changeover_events_total on public.events using btree (((((data ->> 'total'::text))::numeric)) desc nulls last, data);

-- downgrade

-- step drop-changeover-events-total
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_events_total') is null
drop index concurrently if exists public.changeover_events_total;
