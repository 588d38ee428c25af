-- changeover revision c8fe6bd53c3a
-- parent              none
-- plan                jsonb
-- name                guard
-- change              set_not_null public.events.payload, NULLs become jsonb_build_object('n', n, 'key?', '{}'::jsonb)
-- title               fill payload for writers that send NULL, refuse NULL otherwise
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.events (payload, n)
-- scope not null      payload
-- expects             column n bfd2d6625c7c
-- expects             column payload 44f4fbbc7a50
-- expects             index events_payload_idx 608d215e7f9b
-- expects             table public.events 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_a1bebb54() returns trigger language plpgsql as $$
begin
  new.payload := (jsonb_build_object('n', new.n, 'key?', '{}'::jsonb));
  return new;
end
$$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_a1bebb54_2_sync_insert" before insert or update on public.events
  for each row when (new.payload is null) execute function changeover.sync_a1bebb54();
alter table public.events enable always trigger "~~changeover_a1bebb54_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_a1bebb54_1_old_insert" before insert on public.events
  for each row when (new.payload is null and current_setting('changeover.seen_a1bebb54_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('jsonb', 'old', 'changeover.seen_a1bebb54_old', '10');
alter table public.events enable always trigger "~~changeover_a1bebb54_1_old_insert";
create trigger "~~changeover_a1bebb54_1_old_update" before update of payload on public.events
  for each row when (new.payload is null and current_setting('changeover.seen_a1bebb54_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('jsonb', 'old', 'changeover.seen_a1bebb54_old', '10');
alter table public.events enable always trigger "~~changeover_a1bebb54_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('jsonb', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.events add constraint changeover_events_payload_not_null check (payload is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.events add constraint changeover_events_payload_not_null not null payload not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_a1bebb54_2_sync_insert" on public.events;
drop trigger if exists "~~changeover_a1bebb54_1_old_insert" on public.events;
drop trigger if exists "~~changeover_a1bebb54_1_old_update" on public.events;
drop function if exists changeover.sync_a1bebb54();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'jsonb';

-- step drop-not-null-constraint
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events drop constraint if exists changeover_events_payload_not_null;

-- step drop-not-null: where it was set already
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.events alter column payload drop not null;
