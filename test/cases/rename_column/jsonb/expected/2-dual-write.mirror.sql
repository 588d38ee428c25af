-- changeover revision f6cc69a09143
-- parent              0845b8f7e67b
-- plan                jsonb
-- name                mirror
-- change              rename_column public.events.payload to data
-- title               keep payload and data in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.events (payload)
-- scope added         data
-- expects             column payload 5d73ce7fac66
-- expects             constraint payload_is bfe91cbb1129
-- expects             index events_total b0e13ad7c413
-- expects             table public.events 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions public.events.data
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_a1bebb54() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.data is not null then
      new.payload := new.data;
    else
      new.data := new.payload;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if pg_catalog.record_image_ne(row(new.data), row(old.data))
     and not (pg_catalog.record_image_ne(row(new.payload), row(old.payload))
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.payload := new.data;
  elsif pg_catalog.record_image_ne(row(new.payload), row(old.payload)) or new.data is null then
    new.data := new.payload;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_a1bebb54_2_sync_insert" before insert on public.events
  for each row when (pg_catalog.record_image_ne(row(new.payload), row(new.data))) execute function changeover.sync_a1bebb54();
create trigger "~~changeover_a1bebb54_2_sync_update" before update on public.events
  for each row when (pg_catalog.record_image_ne(row(new.payload), row(new.data))) execute function changeover.sync_a1bebb54();
alter table public.events enable always trigger "~~changeover_a1bebb54_2_sync_insert";
alter table public.events enable always trigger "~~changeover_a1bebb54_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_a1bebb54_1_old_insert" before insert on public.events
  for each row when (new.payload is not null and new.data is null and current_setting('changeover.seen_a1bebb54_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('jsonb', 'old', 'changeover.seen_a1bebb54_old', '10');
alter table public.events enable always trigger "~~changeover_a1bebb54_1_old_insert";
create trigger "~~changeover_a1bebb54_1_old_update" before update of payload on public.events
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_a1bebb54_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('jsonb', 'old', 'changeover.seen_a1bebb54_old', '10');
alter table public.events enable always trigger "~~changeover_a1bebb54_1_old_update";
create trigger "~~changeover_a1bebb54_1_new_insert" before insert on public.events
  for each row when (new.data is not null and current_setting('changeover.seen_a1bebb54_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('jsonb', 'new', 'changeover.seen_a1bebb54_new', '60');
alter table public.events enable always trigger "~~changeover_a1bebb54_1_new_insert";
create trigger "~~changeover_a1bebb54_1_new_update" before update of data on public.events
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_a1bebb54_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('jsonb', 'new', 'changeover.seen_a1bebb54_new', '60');
alter table public.events enable always trigger "~~changeover_a1bebb54_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('jsonb', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.events add constraint changeover_events_payload_not_null check (data is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.events add constraint changeover_events_payload_not_null not null data not valid;

-- step add-payload-is: twin of payload_is
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events add constraint changeover_payload_is check (((jsonb_typeof(data) = 'object'::text) AND (NOT (data ? 'payload'::text)))) not valid;

-- downgrade

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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'jsonb';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events drop column if exists data;

-- step add-column: like payload
--   lock     ACCESS EXCLUSIVE on public.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.events add column data jsonb;
