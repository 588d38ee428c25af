-- changeover revision bfa16531ead8
-- parent              4c718de8e86d
-- plan                partitioned
-- name                validate
-- change              set_not_null app.events.kind, NULLs become 'none'
-- title               validate that kind holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.events (kind)
-- scope not null      kind
-- expects             column kind 4eff35d3cbe7
-- expects             index events_kind_idx 777e574d7271
-- expects             table app.events 500cc083dca4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step validate-changeover-events-kind-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.events
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.events') and c.conname = 'changeover_events_kind_not_null' and c.convalidated)
alter table app.events validate constraint changeover_events_kind_not_null;

-- downgrade
