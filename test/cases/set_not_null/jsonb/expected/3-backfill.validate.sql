-- changeover revision 7b7587e227c1
-- parent              4886012f9534
-- plan                jsonb
-- name                validate
-- change              set_not_null public.events.payload, NULLs become jsonb_build_object('n', n, 'key?', '{}'::jsonb)
-- title               validate that payload holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.events (payload, n)
-- scope not null      payload
-- expects             column n bfd2d6625c7c
-- expects             column payload 44f4fbbc7a50
-- expects             index events_payload_idx 608d215e7f9b
-- expects             table public.events 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step validate-changeover-events-payload-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.events
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.events') and c.conname = 'changeover_events_payload_not_null' and c.convalidated)
alter table public.events validate constraint changeover_events_payload_not_null;

-- downgrade
