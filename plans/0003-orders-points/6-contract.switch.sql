-- changeover revision 95b225081475
-- parent              906c855e7ed0
-- plan                orders-points
-- name                switch
-- change              change_type shop.orders.points to bigint
-- title               points becomes bigint; the old one is kept in step beside it
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               shop.orders (points)
-- scope added         changeover_points
-- scope not null      points
-- expects             column points 918d817a3fa3
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- undo gate           reversible
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type

-- upgrade

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders rename column points to changeover_fd771ed3_swap;
alter table shop.orders rename column changeover_points to points;
alter table shop.orders rename column changeover_fd771ed3_swap to changeover_points;
alter table shop.orders rename constraint changeover_orders_points_check to orders_points_check;

-- step move-default
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders alter column points set default 0;
alter table shop.orders alter column changeover_points drop default;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_fd771ed3(integer, bigint);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_fd771ed3() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.points is not null then
      begin
        new.changeover_points := (new.points::integer);
      exception when others then
        new.changeover_points := null;
        perform pg_catalog.set_config('changeover.unmirrored_fd771ed3', 'back ' || sqlstate, true);
      end;
    else
      new.points := (new.changeover_points::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.points is distinct from old.points
     and not (new.changeover_points is distinct from old.changeover_points
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.changeover_points := (new.points::integer);
    exception when others then
      new.changeover_points := null;
      perform pg_catalog.set_config('changeover.unmirrored_fd771ed3', 'back ' || sqlstate, true);
    end;
  elsif new.changeover_points is distinct from old.changeover_points or new.points is null then
    new.points := (new.changeover_points::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_fd771ed3_2_sync_insert" before insert on shop.orders
  for each row when (new.changeover_points is not null or new.points is not null) execute function changeover.sync_fd771ed3();
alter table shop.orders enable always trigger "~~changeover_fd771ed3_2_sync_insert";
create or replace trigger "~~changeover_fd771ed3_2_sync_update" before update on shop.orders
  for each row when ((old.changeover_points is distinct from new.changeover_points or old.points is distinct from new.points or (new.points is null and new.changeover_points is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.changeover_points is distinct from new.changeover_points end)) execute function changeover.sync_fd771ed3();
alter table shop.orders enable always trigger "~~changeover_fd771ed3_2_sync_update";
create or replace trigger "~~changeover_fd771ed3_3_note" before insert or update on shop.orders
  for each row when (coalesce(current_setting('changeover.unmirrored_fd771ed3', true), '') <> '') execute function changeover.note('orders-points', 'changeover.unmirrored_fd771ed3', 'changeover.seen_fd771ed3_unmirrored', '10', 'id');
alter table shop.orders enable always trigger "~~changeover_fd771ed3_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_fd771ed3(new_side bigint, old_side integer) returns integer language plpgsql stable as $$
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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'orders-points';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'orders-points';

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_fd771ed3_1_old_insert" before insert on shop.orders
  for each row when (new.changeover_points is not null and new.points is null and current_setting('changeover.seen_fd771ed3_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('orders-points', 'old', 'changeover.seen_fd771ed3_old', '10');
alter table shop.orders enable always trigger "~~changeover_fd771ed3_1_old_insert";
create trigger "~~changeover_fd771ed3_1_old_update" before update of changeover_points on shop.orders
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_fd771ed3_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('orders-points', 'old', 'changeover.seen_fd771ed3_old', '10');
alter table shop.orders enable always trigger "~~changeover_fd771ed3_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('orders-points', 'epoch', session_user, '', 0);

-- step recompile-functions: sessions compile the functions over the column again
--   timeout  lock 2s, statement 10s
--   work     catalog
do $$
declare
  f record;
begin
  for f in
    select p.oid::pg_catalog.regprocedure as name, p.procost as cost
      from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      join pg_catalog.pg_language l on l.oid = p.prolang
     where l.lanname = 'plpgsql' and p.prokind = 'f' and n.nspname <> 'changeover' and (
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'shop.orders'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_fd771ed3_1_old_insert" on shop.orders;
drop trigger if exists "~~changeover_fd771ed3_1_old_update" on shop.orders;

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders rename column points to changeover_fd771ed3_swap;
alter table shop.orders rename column changeover_points to points;
alter table shop.orders rename column changeover_fd771ed3_swap to changeover_points;
alter table shop.orders rename constraint orders_points_check to changeover_orders_points_check;

-- step move-default
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders alter column points set default 0;
alter table shop.orders alter column changeover_points drop default;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_fd771ed3(bigint, integer);

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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'orders-points';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'orders-points';

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('orders-points', 'epoch', session_user, '', 0);

-- step recompile-functions: sessions compile the functions over the column again
--   timeout  lock 2s, statement 10s
--   work     catalog
do $$
declare
  f record;
begin
  for f in
    select p.oid::pg_catalog.regprocedure as name, p.procost as cost
      from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      join pg_catalog.pg_language l on l.oid = p.prolang
     where l.lanname = 'plpgsql' and p.prokind = 'f' and n.nspname <> 'changeover' and (
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'shop.orders'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;
