-- changeover revision 58d32b806691
-- parent              16321c50f093
-- plan                int-text
-- name                switch
-- change              change_type public.orders."Code" to text, using -- what it is called 'c -- step ' || "Code"
-- title               Code becomes text; the old one is kept in step beside it
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.orders ("Code")
-- scope added         "changeover_Code"
-- scope not null      "Code"
-- expects             column Code b09cdaee8b9a
-- expects             index "Orders code" b0a7901a5624
-- expects             table public.orders 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- undo gate           reversible
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type

-- upgrade

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders rename column "Code" to changeover_f0fd0d06_swap;
alter table public.orders rename column "changeover_Code" to "Code";
alter table public.orders rename column changeover_f0fd0d06_swap to "changeover_Code";
alter index public."Orders code" rename to changeover_f0fd0d06_swap;
alter index public."changeover_Orders code" rename to "Orders code";
alter index public.changeover_f0fd0d06_swap rename to "changeover_Orders code";
alter table public."Orders code" rename column "changeover_Code" to "Code";

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_f0fd0d06(integer, text);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_f0fd0d06() returns trigger language plpgsql as $$
declare
  there text;
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new."Code" is not null then
      begin
        new."changeover_Code" := (substr(new."Code", 11)::integer);
        there := (-- what it is called
'c
-- step ' || new."changeover_Code");
        if there is distinct from new."Code" then perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'back inexact', true); end if;
      exception when others then
        new."changeover_Code" := null;
        perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'back ' || sqlstate, true);
      end;
    else
      begin
        new."Code" := (-- what it is called
'c
-- step ' || new."changeover_Code");
      exception when others then
        new."Code" := null;
        perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'forth ' || sqlstate, true);
      end;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new."Code" is distinct from old."Code"
     and not (new."changeover_Code" is distinct from old."changeover_Code"
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new."changeover_Code" := (substr(new."Code", 11)::integer);
      there := (-- what it is called
'c
-- step ' || new."changeover_Code");
      if there is distinct from new."Code" then perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'back inexact', true); end if;
    exception when others then
      new."changeover_Code" := null;
      perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'back ' || sqlstate, true);
    end;
  elsif new."changeover_Code" is distinct from old."changeover_Code" or new."Code" is null then
    begin
      new."Code" := (-- what it is called
'c
-- step ' || new."changeover_Code");
    exception when others then
      new."Code" := null;
      perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'forth ' || sqlstate, true);
    end;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_f0fd0d06_2_sync_insert" before insert on public.orders
  for each row when (new."changeover_Code" is not null or new."Code" is not null) execute function changeover.sync_f0fd0d06();
alter table public.orders enable always trigger "~~changeover_f0fd0d06_2_sync_insert";
create or replace trigger "~~changeover_f0fd0d06_2_sync_update" before update on public.orders
  for each row when ((old."changeover_Code" is distinct from new."changeover_Code" or old."Code" is distinct from new."Code" or (new."Code" is null and new."changeover_Code" is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old."changeover_Code" is distinct from new."changeover_Code" end)) execute function changeover.sync_f0fd0d06();
alter table public.orders enable always trigger "~~changeover_f0fd0d06_2_sync_update";
create or replace trigger "~~changeover_f0fd0d06_3_note" before insert or update on public.orders
  for each row when (coalesce(current_setting('changeover.unmirrored_f0fd0d06', true), '') <> '') execute function changeover.note('int-text', 'changeover.unmirrored_f0fd0d06', 'changeover.seen_f0fd0d06_unmirrored', '10', 'id');
alter table public.orders enable always trigger "~~changeover_f0fd0d06_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_f0fd0d06(new_side text, old_side integer) returns integer language plpgsql stable as $$
declare
  there text;
  back integer;
  failed boolean := false;
begin
  begin
    there := (-- what it is called
'c
-- step ' || old_side);
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (substr(new_side, 11)::integer);
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
delete from changeover.sighting where plan = 'int-text';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'int-text';

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_f0fd0d06_1_old_insert" before insert on public.orders
  for each row when (new."changeover_Code" is not null and new."Code" is null and current_setting('changeover.seen_f0fd0d06_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('int-text', 'old', 'changeover.seen_f0fd0d06_old', '10');
alter table public.orders enable always trigger "~~changeover_f0fd0d06_1_old_insert";
create trigger "~~changeover_f0fd0d06_1_old_update" before update of "changeover_Code" on public.orders
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_f0fd0d06_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('int-text', 'old', 'changeover.seen_f0fd0d06_old', '10');
alter table public.orders enable always trigger "~~changeover_f0fd0d06_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('int-text', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'public.orders'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_f0fd0d06_1_old_insert" on public.orders;
drop trigger if exists "~~changeover_f0fd0d06_1_old_update" on public.orders;

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders rename column "Code" to changeover_f0fd0d06_swap;
alter table public.orders rename column "changeover_Code" to "Code";
alter table public.orders rename column changeover_f0fd0d06_swap to "changeover_Code";
alter index public."Orders code" rename to changeover_f0fd0d06_swap;
alter index public."changeover_Orders code" rename to "Orders code";
alter index public.changeover_f0fd0d06_swap rename to "changeover_Orders code";
alter table public."changeover_Orders code" rename column "Code" to "changeover_Code";

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_f0fd0d06(text, integer);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_f0fd0d06() returns trigger language plpgsql as $$
declare
  there text;
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new."changeover_Code" is not null then
      begin
        new."Code" := (substr(new."changeover_Code", 11)::integer);
        there := (-- what it is called
'c
-- step ' || new."Code");
        if there is distinct from new."changeover_Code" then perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'back inexact', true); end if;
      exception when others then
        new."Code" := null;
        perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'back ' || sqlstate, true);
      end;
    else
      begin
        new."changeover_Code" := (-- what it is called
'c
-- step ' || new."Code");
      exception when others then
        new."changeover_Code" := null;
        perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'forth ' || sqlstate, true);
      end;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new."changeover_Code" is distinct from old."changeover_Code"
     and not (new."Code" is distinct from old."Code"
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new."Code" := (substr(new."changeover_Code", 11)::integer);
      there := (-- what it is called
'c
-- step ' || new."Code");
      if there is distinct from new."changeover_Code" then perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'back inexact', true); end if;
    exception when others then
      new."Code" := null;
      perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'back ' || sqlstate, true);
    end;
  elsif new."Code" is distinct from old."Code" or new."changeover_Code" is null then
    begin
      new."changeover_Code" := (-- what it is called
'c
-- step ' || new."Code");
    exception when others then
      new."changeover_Code" := null;
      perform pg_catalog.set_config('changeover.unmirrored_f0fd0d06', 'forth ' || sqlstate, true);
    end;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_f0fd0d06_2_sync_insert" before insert on public.orders
  for each row when (new."Code" is not null or new."changeover_Code" is not null) execute function changeover.sync_f0fd0d06();
alter table public.orders enable always trigger "~~changeover_f0fd0d06_2_sync_insert";
create or replace trigger "~~changeover_f0fd0d06_2_sync_update" before update on public.orders
  for each row when ((old."Code" is distinct from new."Code" or old."changeover_Code" is distinct from new."changeover_Code" or (new."changeover_Code" is null and new."Code" is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old."Code" is distinct from new."Code" end)) execute function changeover.sync_f0fd0d06();
alter table public.orders enable always trigger "~~changeover_f0fd0d06_2_sync_update";
create or replace trigger "~~changeover_f0fd0d06_3_note" before insert or update on public.orders
  for each row when (coalesce(current_setting('changeover.unmirrored_f0fd0d06', true), '') <> '') execute function changeover.note('int-text', 'changeover.unmirrored_f0fd0d06', 'changeover.seen_f0fd0d06_unmirrored', '10', 'id');
alter table public.orders enable always trigger "~~changeover_f0fd0d06_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_f0fd0d06(old_side integer, new_side text) returns integer language plpgsql stable as $$
declare
  there text;
  back integer;
  failed boolean := false;
begin
  begin
    there := (-- what it is called
'c
-- step ' || old_side);
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (substr(new_side, 11)::integer);
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
delete from changeover.sighting where plan = 'int-text';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'int-text';

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('int-text', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'public.orders'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;
