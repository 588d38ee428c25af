-- changeover revision 7708a8a8bfcb
-- parent              4c478f4c7b66
-- plan                serial
-- name                mirror
-- change              rename_column app.tickets.number to ticket
-- title               keep number and ticket in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.tickets (number)
-- scope added         ticket
-- expects             column number 4fe7cb0a284f
-- expects             table app.tickets 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.tickets.ticket
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_0144b1de() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.ticket is not null then
      new.number := new.ticket;
    else
      new.ticket := new.number;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.ticket is distinct from old.ticket
     and not (new.number is distinct from old.number
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.number := new.ticket;
  elsif new.number is distinct from old.number or new.ticket is null then
    new.ticket := new.number;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_0144b1de_2_sync_insert" before insert on app.tickets
  for each row when (new.number is distinct from new.ticket) execute function changeover.sync_0144b1de();
create trigger "~~changeover_0144b1de_2_sync_update" before update on app.tickets
  for each row when (new.number is distinct from new.ticket) execute function changeover.sync_0144b1de();
alter table app.tickets enable always trigger "~~changeover_0144b1de_2_sync_insert";
alter table app.tickets enable always trigger "~~changeover_0144b1de_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_0144b1de_1_old_insert" before insert on app.tickets
  for each row when (new.number is not null and new.ticket is null and current_setting('changeover.seen_0144b1de_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('serial', 'old', 'changeover.seen_0144b1de_old', '10');
alter table app.tickets enable always trigger "~~changeover_0144b1de_1_old_insert";
create trigger "~~changeover_0144b1de_1_old_update" before update of number on app.tickets
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_0144b1de_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('serial', 'old', 'changeover.seen_0144b1de_old', '10');
alter table app.tickets enable always trigger "~~changeover_0144b1de_1_old_update";
create trigger "~~changeover_0144b1de_1_new_insert" before insert on app.tickets
  for each row when (new.ticket is not null and current_setting('changeover.seen_0144b1de_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('serial', 'new', 'changeover.seen_0144b1de_new', '60');
alter table app.tickets enable always trigger "~~changeover_0144b1de_1_new_insert";
create trigger "~~changeover_0144b1de_1_new_update" before update of ticket on app.tickets
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_0144b1de_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('serial', 'new', 'changeover.seen_0144b1de_new', '60');
alter table app.tickets enable always trigger "~~changeover_0144b1de_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('serial', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.tickets add constraint changeover_tickets_number_not_null check (ticket is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.tickets add constraint changeover_tickets_number_not_null not null ticket not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_0144b1de_2_sync_insert" on app.tickets;
drop trigger if exists "~~changeover_0144b1de_2_sync_update" on app.tickets;
drop trigger if exists "~~changeover_0144b1de_1_old_insert" on app.tickets;
drop trigger if exists "~~changeover_0144b1de_1_old_update" on app.tickets;
drop trigger if exists "~~changeover_0144b1de_1_new_insert" on app.tickets;
drop trigger if exists "~~changeover_0144b1de_1_new_update" on app.tickets;
drop function if exists changeover.sync_0144b1de();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'serial';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tickets drop column if exists ticket;

-- step add-column: like number
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tickets add column ticket integer;
