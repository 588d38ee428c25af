-- changeover revision a7180fbf436f
-- parent              none
-- plan                partitioned
-- name                guard
-- change              set_not_null app.events.kind, NULLs become 'none'
-- title               fill kind for writers that send NULL, refuse NULL otherwise
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.events (kind)
-- scope not null      kind
-- expects             column kind 4eff35d3cbe7
-- expects             index events_kind_idx 777e574d7271
-- expects             table app.events 500cc083dca4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_96ff3f2b() returns trigger language plpgsql as $$
begin
  new.kind := ('none');
  return new;
end
$$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on app.events
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_96ff3f2b_2_sync_insert" before insert or update on app.events
  for each row when (new.kind is null) execute function changeover.sync_96ff3f2b();
alter table app.events enable always trigger "~~changeover_96ff3f2b_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.events
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_96ff3f2b_1_old_insert" before insert on app.events
  for each row when (new.kind is null and current_setting('changeover.seen_96ff3f2b_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('partitioned', 'old', 'changeover.seen_96ff3f2b_old', '10');
alter table app.events enable always trigger "~~changeover_96ff3f2b_1_old_insert";
create trigger "~~changeover_96ff3f2b_1_old_update" before update of kind on app.events
  for each row when (new.kind is null and current_setting('changeover.seen_96ff3f2b_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('partitioned', 'old', 'changeover.seen_96ff3f2b_old', '10');
alter table app.events enable always trigger "~~changeover_96ff3f2b_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('partitioned', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.events add constraint changeover_events_kind_not_null check (kind is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.events add constraint changeover_events_kind_not_null not null kind not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.events
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_96ff3f2b_2_sync_insert" on app.events;
drop trigger if exists "~~changeover_96ff3f2b_1_old_insert" on app.events;
drop trigger if exists "~~changeover_96ff3f2b_1_old_update" on app.events;
drop function if exists changeover.sync_96ff3f2b();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'partitioned';

-- step drop-not-null-constraint
--   lock     ACCESS EXCLUSIVE on app.events
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.events drop constraint if exists changeover_events_kind_not_null;

-- step drop-not-null: where it was set already
--   lock     ACCESS EXCLUSIVE on app.events
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.events alter column kind drop not null;
