-- changeover revision 3531bdc7cd78
-- parent              7b7587e227c1
-- plan                jsonb
-- name                set-not-null
-- change              set_not_null public.events.payload, NULLs become jsonb_build_object('n', n, 'key?', '{}'::jsonb)
-- title               make payload NOT NULL
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.events (payload, n)
-- scope not null      payload
-- expects             column n bfd2d6625c7c
-- expects             column payload 44f4fbbc7a50
-- expects             index events_payload_idx 608d215e7f9b
-- expects             table public.events 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.events alter column payload set not null;

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

-- downgrade

-- step rename-constraint
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.events rename constraint events_payload_not_null to changeover_events_payload_not_null;

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.events add constraint changeover_events_payload_not_null check (payload is not null) not valid;

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
