-- changeover revision 74fd9e3bfcdf
-- parent              492b759149f1
-- plan                jsonb
-- name                drop
-- change              rename_column public.events.payload to data
-- title               drop payload; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.events (payload)
-- scope added         data
-- expects             column payload 5d73ce7fac66
-- expects             constraint payload_is bfe91cbb1129
-- expects             index events_total b0e13ad7c413
-- expects             table public.events 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.events.payload
-- deploy old          no: column payload is gone
-- deploy new          yes: the change is complete
-- irreversible        column payload was dropped; rename data back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_a1bebb54_2_sync_insert" on public.events;
drop trigger if exists "~~changeover_a1bebb54_2_sync_update" on public.events;
drop trigger if exists "~~changeover_a1bebb54_1_old_insert" on public.events;
drop trigger if exists "~~changeover_a1bebb54_1_old_update" on public.events;
drop trigger if exists "~~changeover_a1bebb54_1_new_insert" on public.events;
drop trigger if exists "~~changeover_a1bebb54_1_new_update" on public.events;
drop function if exists changeover.sync_a1bebb54();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events drop column payload;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.events alter column data set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.events drop constraint if exists changeover_events_payload_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.events rename constraint changeover_events_payload_not_null to events_payload_not_null;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index public.changeover_events_total rename to events_total;
alter table public.events rename constraint changeover_payload_is to payload_is;
alter table public.events alter column data set default '{"v": 1}'::jsonb;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'jsonb';

-- downgrade
