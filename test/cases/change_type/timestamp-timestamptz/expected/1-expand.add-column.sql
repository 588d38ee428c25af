-- changeover revision 690cb03b7ca2
-- parent              none
-- plan                timestamp-timestamptz
-- name                add-column
-- change              change_type public.events.at to timestamptz, using at at time zone 'Europe/Berlin'
-- title               add at as timestamp with time zone, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.events (at)
-- scope added         changeover_at
-- expects             column at 5d4f646443eb
-- expects             index events_at 7fb36b562ca8
-- expects             table public.events 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like at
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events add column changeover_at timestamp with time zone;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events drop column if exists changeover_at;
