-- changeover revision 0177587aa518
-- parent              a7b5a2ff900c
-- plan                partitioned
-- name                switch
-- change              change_type app.orders.total to bigint
-- title               total becomes bigint; the old one is kept in step beside it
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.orders (total)
-- scope added         changeover_total
-- scope not null      total
-- expects             column total b09cdaee8b9a
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- undo gate           reversible
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type

-- upgrade

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders rename column total to changeover_96ff3f2b_swap;
alter table app.orders rename column changeover_total to total;
alter table app.orders rename column changeover_96ff3f2b_swap to changeover_total;
alter index app.orders_by_day rename to changeover_96ff3f2b_swap;
alter index app.changeover_orders_by_day rename to orders_by_day;
alter index app.changeover_96ff3f2b_swap rename to changeover_orders_by_day;
alter index app.orders_total_idx rename to changeover_96ff3f2b_swap;
alter index app.changeover_orders_total_idx rename to orders_total_idx;
alter index app.changeover_96ff3f2b_swap rename to changeover_orders_total_idx;
alter table app.orders rename constraint orders_total_key to changeover_96ff3f2b_swap;
alter table app.orders rename constraint changeover_orders_total_key to orders_total_key;
alter table app.orders rename constraint changeover_96ff3f2b_swap to changeover_orders_total_key;
alter table app.orders rename constraint changeover_orders_total_check to orders_total_check;
alter table app.orders_by_day rename column changeover_total to total;
alter table app.orders_total_idx rename column changeover_total to total;
alter table app.orders_total_key rename column changeover_total to total;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_96ff3f2b(integer, bigint);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_96ff3f2b() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.total is not null then
      begin
        new.changeover_total := (new.total::integer);
      exception when others then
        new.changeover_total := null;
        perform pg_catalog.set_config('changeover.unmirrored_96ff3f2b', 'back ' || sqlstate, true);
      end;
    else
      new.total := (new.changeover_total::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.total is distinct from old.total
     and not (new.changeover_total is distinct from old.changeover_total
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.changeover_total := (new.total::integer);
    exception when others then
      new.changeover_total := null;
      perform pg_catalog.set_config('changeover.unmirrored_96ff3f2b', 'back ' || sqlstate, true);
    end;
  elsif new.changeover_total is distinct from old.changeover_total or new.total is null then
    new.total := (new.changeover_total::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_96ff3f2b_2_sync_insert" before insert on app.orders
  for each row when (new.changeover_total is not null or new.total is not null) execute function changeover.sync_96ff3f2b();
alter table app.orders enable always trigger "~~changeover_96ff3f2b_2_sync_insert";
create or replace trigger "~~changeover_96ff3f2b_2_sync_update" before update on app.orders
  for each row when ((old.changeover_total is distinct from new.changeover_total or old.total is distinct from new.total or (new.total is null and new.changeover_total is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.changeover_total is distinct from new.changeover_total end)) execute function changeover.sync_96ff3f2b();
alter table app.orders enable always trigger "~~changeover_96ff3f2b_2_sync_update";
create or replace trigger "~~changeover_96ff3f2b_3_note" before insert or update on app.orders
  for each row when (coalesce(current_setting('changeover.unmirrored_96ff3f2b', true), '') <> '') execute function changeover.note('partitioned', 'changeover.unmirrored_96ff3f2b', 'changeover.seen_96ff3f2b_unmirrored', '10', 'id', 'day');
alter table app.orders enable always trigger "~~changeover_96ff3f2b_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_96ff3f2b(new_side bigint, old_side integer) returns integer language plpgsql stable as $$
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
delete from changeover.sighting where plan = 'partitioned';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'partitioned';

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_96ff3f2b_1_old_insert" before insert on app.orders
  for each row when (new.changeover_total is not null and new.total is null and current_setting('changeover.seen_96ff3f2b_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('partitioned', 'old', 'changeover.seen_96ff3f2b_old', '10');
alter table app.orders enable always trigger "~~changeover_96ff3f2b_1_old_insert";
create trigger "~~changeover_96ff3f2b_1_old_update" before update of changeover_total on app.orders
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_96ff3f2b_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('partitioned', 'old', 'changeover.seen_96ff3f2b_old', '10');
alter table app.orders enable always trigger "~~changeover_96ff3f2b_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('partitioned', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'app.orders'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_96ff3f2b_1_old_insert" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_1_old_update" on app.orders;

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders rename column total to changeover_96ff3f2b_swap;
alter table app.orders rename column changeover_total to total;
alter table app.orders rename column changeover_96ff3f2b_swap to changeover_total;
alter index app.orders_by_day rename to changeover_96ff3f2b_swap;
alter index app.changeover_orders_by_day rename to orders_by_day;
alter index app.changeover_96ff3f2b_swap rename to changeover_orders_by_day;
alter index app.orders_total_idx rename to changeover_96ff3f2b_swap;
alter index app.changeover_orders_total_idx rename to orders_total_idx;
alter index app.changeover_96ff3f2b_swap rename to changeover_orders_total_idx;
alter table app.orders rename constraint orders_total_key to changeover_96ff3f2b_swap;
alter table app.orders rename constraint changeover_orders_total_key to orders_total_key;
alter table app.orders rename constraint changeover_96ff3f2b_swap to changeover_orders_total_key;
alter table app.orders rename constraint orders_total_check to changeover_orders_total_check;
alter table app.changeover_orders_by_day rename column total to changeover_total;
alter table app.changeover_orders_total_idx rename column total to changeover_total;
alter table app.changeover_orders_total_key rename column total to changeover_total;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_96ff3f2b(bigint, integer);

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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'partitioned';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'partitioned';

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('partitioned', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'app.orders'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;
