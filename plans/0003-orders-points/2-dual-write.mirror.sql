-- changeover revision 9d7cbdc18c17
-- parent              de8484ebab0e
-- plan                orders-points
-- name                mirror
-- change              change_type shop.orders.points to bigint
-- title               keep points in both types, in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               shop.orders (points)
-- scope added         changeover_points
-- expects             column points a7f37ef568fa
-- expects             constraint orders_points_check e36ce90abc45
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_fd771ed3() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_points is not null then
      begin
        new.points := (new.changeover_points::integer);
      exception when others then
        new.points := null;
        perform pg_catalog.set_config('changeover.unmirrored_fd771ed3', 'back ' || sqlstate, true);
      end;
    else
      new.changeover_points := (new.points::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.changeover_points is distinct from old.changeover_points
     and not (new.points is distinct from old.points
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.points := (new.changeover_points::integer);
    exception when others then
      new.points := null;
      perform pg_catalog.set_config('changeover.unmirrored_fd771ed3', 'back ' || sqlstate, true);
    end;
  elsif new.points is distinct from old.points or new.changeover_points is null then
    new.changeover_points := (new.points::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_fd771ed3_2_sync_insert" before insert on shop.orders
  for each row when (new.points is not null or new.changeover_points is not null) execute function changeover.sync_fd771ed3();
alter table shop.orders enable always trigger "~~changeover_fd771ed3_2_sync_insert";
create or replace trigger "~~changeover_fd771ed3_2_sync_update" before update on shop.orders
  for each row when ((old.points is distinct from new.points or old.changeover_points is distinct from new.changeover_points or (new.changeover_points is null and new.points is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.points is distinct from new.points end)) execute function changeover.sync_fd771ed3();
alter table shop.orders enable always trigger "~~changeover_fd771ed3_2_sync_update";
create or replace trigger "~~changeover_fd771ed3_3_note" before insert or update on shop.orders
  for each row when (coalesce(current_setting('changeover.unmirrored_fd771ed3', true), '') <> '') execute function changeover.note('orders-points', 'changeover.unmirrored_fd771ed3', 'changeover.seen_fd771ed3_unmirrored', '10', 'id');
alter table shop.orders enable always trigger "~~changeover_fd771ed3_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_fd771ed3(old_side integer, new_side bigint) returns integer language plpgsql stable as $$
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
insert into changeover.sighting (plan, side, role, app, pid) values ('orders-points', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table shop.orders add constraint changeover_orders_points_not_null check (changeover_points is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table shop.orders add constraint changeover_orders_points_not_null not null changeover_points not valid;

-- step add-orders-points-check: twin of orders_points_check
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders add constraint changeover_orders_points_check check ((changeover_points >= 0)) not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_fd771ed3_2_sync_insert" on shop.orders;
drop trigger if exists "~~changeover_fd771ed3_2_sync_update" on shop.orders;
drop trigger if exists "~~changeover_fd771ed3_3_note" on shop.orders;
drop function if exists changeover.sync_fd771ed3();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_fd771ed3(integer, bigint);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'orders-points';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'orders-points';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders drop column if exists changeover_points;

-- step add-column: like points
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders add column changeover_points bigint;
