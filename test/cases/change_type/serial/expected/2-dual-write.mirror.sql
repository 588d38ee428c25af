-- changeover revision 9030ba82872b
-- parent              7ba956ca62f5
-- plan                serial
-- name                mirror
-- change              change_type public.tickets.number to bigint
-- title               keep number in both types, in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.tickets (number)
-- scope added         changeover_number
-- expects             column number 0811258d997a
-- expects             table public.tickets 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_0144b1de() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_number is not null then
      begin
        new.number := (new.changeover_number::integer);
      exception when others then
        new.number := null;
        perform pg_catalog.set_config('changeover.unmirrored_0144b1de', 'back ' || sqlstate, true);
      end;
    else
      new.changeover_number := (new.number::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.changeover_number is distinct from old.changeover_number
     and not (new.number is distinct from old.number
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.number := (new.changeover_number::integer);
    exception when others then
      new.number := null;
      perform pg_catalog.set_config('changeover.unmirrored_0144b1de', 'back ' || sqlstate, true);
    end;
  elsif new.number is distinct from old.number or new.changeover_number is null then
    new.changeover_number := (new.number::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_0144b1de_2_sync_insert" before insert on public.tickets
  for each row when (new.number is not null or new.changeover_number is not null) execute function changeover.sync_0144b1de();
alter table public.tickets enable always trigger "~~changeover_0144b1de_2_sync_insert";
create or replace trigger "~~changeover_0144b1de_2_sync_update" before update on public.tickets
  for each row when ((old.number is distinct from new.number or old.changeover_number is distinct from new.changeover_number or (new.changeover_number is null and new.number is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.number is distinct from new.number end)) execute function changeover.sync_0144b1de();
alter table public.tickets enable always trigger "~~changeover_0144b1de_2_sync_update";
create or replace trigger "~~changeover_0144b1de_3_note" before insert or update on public.tickets
  for each row when (coalesce(current_setting('changeover.unmirrored_0144b1de', true), '') <> '') execute function changeover.note('serial', 'changeover.unmirrored_0144b1de', 'changeover.seen_0144b1de_unmirrored', '10', 'id');
alter table public.tickets enable always trigger "~~changeover_0144b1de_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_0144b1de(old_side integer, new_side bigint) returns integer language plpgsql stable as $$
declare
  there bigint;
  back integer;
  failed boolean := false;
begin
  begin
    there := (old_side::bigint);
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (new_side::integer);
  exception when others then
    back := null;
    return case when not (back is distinct from old_side) then 2 else 0 end;
  end;
  -- It comes back as what is there, and would go forth as another value: what the new side holds would be lost.
  return case when not (back is distinct from old_side) then 2 else 0 end;
end
$$;

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('serial', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.tickets add constraint changeover_tickets_number_not_null check (changeover_number is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.tickets add constraint changeover_tickets_number_not_null not null changeover_number not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_0144b1de_2_sync_insert" on public.tickets;
drop trigger if exists "~~changeover_0144b1de_2_sync_update" on public.tickets;
drop trigger if exists "~~changeover_0144b1de_3_note" on public.tickets;
drop function if exists changeover.sync_0144b1de();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_0144b1de(integer, bigint);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'serial';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'serial';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.tickets drop column if exists changeover_number;

-- step add-column: like number
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.tickets add column changeover_number bigint;
