-- changeover revision ab5e68e329f8
-- parent              caedf4b2f33f
-- plan                partitioned
-- name                mirror
-- change              change_type app.orders.total to bigint
-- title               keep total in both types, in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.orders (total)
-- scope added         changeover_total
-- expects             column total 43aa6624a39f
-- expects             constraint orders_total_check a66b6671d3e0
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_96ff3f2b() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_total is not null then
      begin
        new.total := (new.changeover_total::integer);
      exception when others then
        new.total := null;
        perform pg_catalog.set_config('changeover.unmirrored_96ff3f2b', 'back ' || sqlstate, true);
      end;
    else
      new.changeover_total := (new.total::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.changeover_total is distinct from old.changeover_total
     and not (new.total is distinct from old.total
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.total := (new.changeover_total::integer);
    exception when others then
      new.total := null;
      perform pg_catalog.set_config('changeover.unmirrored_96ff3f2b', 'back ' || sqlstate, true);
    end;
  elsif new.total is distinct from old.total or new.changeover_total is null then
    new.changeover_total := (new.total::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_96ff3f2b_2_sync_insert" before insert on app.orders
  for each row when (new.total is not null or new.changeover_total is not null) execute function changeover.sync_96ff3f2b();
alter table app.orders enable always trigger "~~changeover_96ff3f2b_2_sync_insert";
create or replace trigger "~~changeover_96ff3f2b_2_sync_update" before update on app.orders
  for each row when ((old.total is distinct from new.total or old.changeover_total is distinct from new.changeover_total or (new.changeover_total is null and new.total is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.total is distinct from new.total end)) execute function changeover.sync_96ff3f2b();
alter table app.orders enable always trigger "~~changeover_96ff3f2b_2_sync_update";
create or replace trigger "~~changeover_96ff3f2b_3_note" before insert or update on app.orders
  for each row when (coalesce(current_setting('changeover.unmirrored_96ff3f2b', true), '') <> '') execute function changeover.note('partitioned', 'changeover.unmirrored_96ff3f2b', 'changeover.seen_96ff3f2b_unmirrored', '10', 'id', 'day');
alter table app.orders enable always trigger "~~changeover_96ff3f2b_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_96ff3f2b(old_side integer, new_side bigint) returns integer language plpgsql stable as $$
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
insert into changeover.sighting (plan, side, role, app, pid) values ('partitioned', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.orders add constraint changeover_orders_total_not_null check (changeover_total is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.orders add constraint changeover_orders_total_not_null not null changeover_total not valid;

-- step add-orders-total-check: twin of orders_total_check
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add constraint changeover_orders_total_check check ((changeover_total >= 0)) not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_96ff3f2b_2_sync_insert" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_2_sync_update" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_3_note" on app.orders;
drop function if exists changeover.sync_96ff3f2b();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_96ff3f2b(integer, bigint);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'partitioned';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'partitioned';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column if exists changeover_total;

-- step add-column: like total
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add column changeover_total bigint;
