-- changeover revision 955d3f924fee
-- parent              6a76b2d3d517
-- plan                several-objects
-- name                switch
-- change              change_type app.stock.code to bigint
-- title               code becomes bigint; the old one is kept in step beside it
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.stock (code)
-- scope added         changeover_code
-- scope not null      code
-- expects             column code 8a0a9521f906
-- expects             constraint stock_code_once e564b0a02e1a
-- expects             index stock_brin 4cf19bc3c928
-- expects             index stock_code_once a13086112266
-- expects             index stock_hash e53c1b7de79d
-- expects             index stock_open 33ba3dc9af1e
-- expects             index stock_wide 6a9d1199a501
-- expects             table app.stock 85728e9fabe4
-- expects             trigger touch 9f663ec79def
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- undo gate           reversible
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type

-- upgrade

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock rename column code to changeover_4f6abf4e_swap;
alter table app.stock rename column changeover_code to code;
alter table app.stock rename column changeover_4f6abf4e_swap to changeover_code;
alter index app.stock_brin rename to changeover_4f6abf4e_swap;
alter index app.changeover_stock_brin rename to stock_brin;
alter index app.changeover_4f6abf4e_swap rename to changeover_stock_brin;
alter index app.stock_hash rename to changeover_4f6abf4e_swap;
alter index app.changeover_stock_hash rename to stock_hash;
alter index app.changeover_4f6abf4e_swap rename to changeover_stock_hash;
alter index app.stock_open rename to changeover_4f6abf4e_swap;
alter index app.changeover_stock_open rename to stock_open;
alter index app.changeover_4f6abf4e_swap rename to changeover_stock_open;
alter index app.stock_wide rename to changeover_4f6abf4e_swap;
alter index app.changeover_stock_wide rename to stock_wide;
alter index app.changeover_4f6abf4e_swap rename to changeover_stock_wide;
alter table app.stock rename constraint stock_code_once to changeover_4f6abf4e_swap;
alter table app.stock rename constraint changeover_stock_code_once to stock_code_once;
alter table app.stock rename constraint changeover_4f6abf4e_swap to changeover_stock_code_once;
alter table app.stock rename constraint changeover_stock_code_even to stock_code_even;
alter table app.stock rename constraint changeover_stock_code_positive to stock_code_positive;
alter table app.stock rename constraint changeover_stock_code_region to stock_code_region;
alter table app.stock_brin rename column changeover_code to code;
alter table app.stock_hash rename column changeover_code to code;
alter table app.stock_open rename column changeover_code to code;
alter table app.stock_wide rename column changeover_code to code;
alter table app.stock_code_once rename column changeover_code to code;

-- step move-default
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock alter column code set default 10;
alter table app.stock alter column changeover_code drop default;

-- step marks
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index app.stock_wide alter column 3 set statistics 77;
comment on index app.stock_wide is 'wide';
alter table app.stock cluster on stock_wide;
comment on constraint stock_code_once on app.stock is 'once';
comment on constraint stock_code_region on app.stock is 'which region';

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_4f6abf4e(integer, bigint);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_4f6abf4e() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.code is not null then
      begin
        new.changeover_code := (new.code::integer);
      exception when others then
        new.changeover_code := null;
        perform pg_catalog.set_config('changeover.unmirrored_4f6abf4e', 'back ' || sqlstate, true);
      end;
    else
      new.code := (new.changeover_code::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.code is distinct from old.code
     and not (new.changeover_code is distinct from old.changeover_code
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.changeover_code := (new.code::integer);
    exception when others then
      new.changeover_code := null;
      perform pg_catalog.set_config('changeover.unmirrored_4f6abf4e', 'back ' || sqlstate, true);
    end;
  elsif new.changeover_code is distinct from old.changeover_code or new.code is null then
    new.code := (new.changeover_code::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_4f6abf4e_2_sync_insert" before insert on app.stock
  for each row when (new.changeover_code is not null or new.code is not null) execute function changeover.sync_4f6abf4e();
alter table app.stock enable always trigger "~~changeover_4f6abf4e_2_sync_insert";
create or replace trigger "~~changeover_4f6abf4e_2_sync_update" before update on app.stock
  for each row when ((old.changeover_code is distinct from new.changeover_code or old.code is distinct from new.code or (new.code is null and new.changeover_code is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.changeover_code is distinct from new.changeover_code end)) execute function changeover.sync_4f6abf4e();
alter table app.stock enable always trigger "~~changeover_4f6abf4e_2_sync_update";
create or replace trigger "~~changeover_4f6abf4e_3_note" before insert or update on app.stock
  for each row when (coalesce(current_setting('changeover.unmirrored_4f6abf4e', true), '') <> '') execute function changeover.note('several-objects', 'changeover.unmirrored_4f6abf4e', 'changeover.seen_4f6abf4e_unmirrored', '10', 'warehouse', 'id');
alter table app.stock enable always trigger "~~changeover_4f6abf4e_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_4f6abf4e(new_side bigint, old_side integer) returns integer language plpgsql stable as $$
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
delete from changeover.sighting where plan = 'several-objects';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'several-objects';

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_4f6abf4e_1_old_insert" before insert on app.stock
  for each row when (new.changeover_code is not null and new.code is null and current_setting('changeover.seen_4f6abf4e_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('several-objects', 'old', 'changeover.seen_4f6abf4e_old', '10');
alter table app.stock enable always trigger "~~changeover_4f6abf4e_1_old_insert";
create trigger "~~changeover_4f6abf4e_1_old_update" before update of changeover_code on app.stock
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_4f6abf4e_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('several-objects', 'old', 'changeover.seen_4f6abf4e_old', '10');
alter table app.stock enable always trigger "~~changeover_4f6abf4e_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('several-objects', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'app.stock'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_4f6abf4e_1_old_insert" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_1_old_update" on app.stock;

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock rename column code to changeover_4f6abf4e_swap;
alter table app.stock rename column changeover_code to code;
alter table app.stock rename column changeover_4f6abf4e_swap to changeover_code;
alter index app.stock_brin rename to changeover_4f6abf4e_swap;
alter index app.changeover_stock_brin rename to stock_brin;
alter index app.changeover_4f6abf4e_swap rename to changeover_stock_brin;
alter index app.stock_hash rename to changeover_4f6abf4e_swap;
alter index app.changeover_stock_hash rename to stock_hash;
alter index app.changeover_4f6abf4e_swap rename to changeover_stock_hash;
alter index app.stock_open rename to changeover_4f6abf4e_swap;
alter index app.changeover_stock_open rename to stock_open;
alter index app.changeover_4f6abf4e_swap rename to changeover_stock_open;
alter index app.stock_wide rename to changeover_4f6abf4e_swap;
alter index app.changeover_stock_wide rename to stock_wide;
alter index app.changeover_4f6abf4e_swap rename to changeover_stock_wide;
alter table app.stock rename constraint stock_code_once to changeover_4f6abf4e_swap;
alter table app.stock rename constraint changeover_stock_code_once to stock_code_once;
alter table app.stock rename constraint changeover_4f6abf4e_swap to changeover_stock_code_once;
alter table app.stock rename constraint stock_code_even to changeover_stock_code_even;
alter table app.stock rename constraint stock_code_positive to changeover_stock_code_positive;
alter table app.stock rename constraint stock_code_region to changeover_stock_code_region;
alter table app.changeover_stock_brin rename column code to changeover_code;
alter table app.changeover_stock_hash rename column code to changeover_code;
alter table app.changeover_stock_open rename column code to changeover_code;
alter table app.changeover_stock_wide rename column code to changeover_code;
alter table app.changeover_stock_code_once rename column code to changeover_code;

-- step move-default
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock alter column code set default 10;
alter table app.stock alter column changeover_code drop default;

-- step marks
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index app.changeover_stock_wide alter column 3 set statistics -1;
comment on index app.changeover_stock_wide is null;
alter table app.stock cluster on stock_wide;
comment on constraint changeover_stock_code_once on app.stock is null;
comment on constraint changeover_stock_code_region on app.stock is null;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_4f6abf4e(bigint, integer);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_4f6abf4e() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_code is not null then
      begin
        new.code := (new.changeover_code::integer);
      exception when others then
        new.code := null;
        perform pg_catalog.set_config('changeover.unmirrored_4f6abf4e', 'back ' || sqlstate, true);
      end;
    else
      new.changeover_code := (new.code::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.changeover_code is distinct from old.changeover_code
     and not (new.code is distinct from old.code
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.code := (new.changeover_code::integer);
    exception when others then
      new.code := null;
      perform pg_catalog.set_config('changeover.unmirrored_4f6abf4e', 'back ' || sqlstate, true);
    end;
  elsif new.code is distinct from old.code or new.changeover_code is null then
    new.changeover_code := (new.code::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_4f6abf4e_2_sync_insert" before insert on app.stock
  for each row when (new.code is not null or new.changeover_code is not null) execute function changeover.sync_4f6abf4e();
alter table app.stock enable always trigger "~~changeover_4f6abf4e_2_sync_insert";
create or replace trigger "~~changeover_4f6abf4e_2_sync_update" before update on app.stock
  for each row when ((old.code is distinct from new.code or old.changeover_code is distinct from new.changeover_code or (new.changeover_code is null and new.code is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.code is distinct from new.code end)) execute function changeover.sync_4f6abf4e();
alter table app.stock enable always trigger "~~changeover_4f6abf4e_2_sync_update";
create or replace trigger "~~changeover_4f6abf4e_3_note" before insert or update on app.stock
  for each row when (coalesce(current_setting('changeover.unmirrored_4f6abf4e', true), '') <> '') execute function changeover.note('several-objects', 'changeover.unmirrored_4f6abf4e', 'changeover.seen_4f6abf4e_unmirrored', '10', 'warehouse', 'id');
alter table app.stock enable always trigger "~~changeover_4f6abf4e_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_4f6abf4e(old_side integer, new_side bigint) returns integer language plpgsql stable as $$
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
delete from changeover.sighting where plan = 'several-objects';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'several-objects';

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('several-objects', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'app.stock'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;
