-- changeover revision 0845b8f7e67b
-- parent              none
-- plan                jsonb
-- name                add-column
-- change              rename_column public.events.payload to data
-- title               add column data, like payload
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.events (payload)
-- scope added         data
-- expects             column payload 5d73ce7fac66
-- expects             constraint payload_is bfe91cbb1129
-- expects             index events_total b0e13ad7c413
-- expects             table public.events 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like payload
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events add column data jsonb;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events drop column if exists data;
