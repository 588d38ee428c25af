-- changeover revision d3c5e9c58f8d
-- parent              4562cde3acff
-- plan                text-int
-- name                switch
-- change              change_type public.imports.amount to integer, using amount::integer
-- title               amount becomes integer; the old one is kept in step beside it
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.imports (amount)
-- scope added         changeover_amount
-- scope not null      amount
-- expects             column amount c73a451f31fe
-- expects             table public.imports 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- undo gate           reversible
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type

-- upgrade

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.imports rename column amount to changeover_35ef3ec2_swap;
alter table public.imports rename column changeover_amount to amount;
alter table public.imports rename column changeover_35ef3ec2_swap to changeover_amount;

-- step move-default
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.imports alter column amount set default ((('7'::text))::integer);
alter table public.imports alter column changeover_amount drop default;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_35ef3ec2(text, integer);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_35ef3ec2() returns trigger language plpgsql as $$
declare
  there integer;
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.amount is not null then
      begin
        new.changeover_amount := (new.amount::text);
        there := (new.changeover_amount::integer);
        if there is distinct from new.amount then perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'back inexact', true); end if;
      exception when others then
        new.changeover_amount := null;
        perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'back ' || sqlstate, true);
      end;
    else
      begin
        new.amount := (new.changeover_amount::integer);
      exception when others then
        new.amount := null;
        perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'forth ' || sqlstate, true);
      end;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.amount is distinct from old.amount
     and not (new.changeover_amount is distinct from old.changeover_amount
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.changeover_amount := (new.amount::text);
      there := (new.changeover_amount::integer);
      if there is distinct from new.amount then perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'back inexact', true); end if;
    exception when others then
      new.changeover_amount := null;
      perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'back ' || sqlstate, true);
    end;
  elsif new.changeover_amount is distinct from old.changeover_amount or new.amount is null then
    begin
      new.amount := (new.changeover_amount::integer);
    exception when others then
      new.amount := null;
      perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'forth ' || sqlstate, true);
    end;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_35ef3ec2_2_sync_insert" before insert on public.imports
  for each row when (new.changeover_amount is not null or new.amount is not null) execute function changeover.sync_35ef3ec2();
alter table public.imports enable always trigger "~~changeover_35ef3ec2_2_sync_insert";
create or replace trigger "~~changeover_35ef3ec2_2_sync_update" before update on public.imports
  for each row when ((old.changeover_amount is distinct from new.changeover_amount or old.amount is distinct from new.amount or (new.amount is null and new.changeover_amount is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.changeover_amount is distinct from new.changeover_amount end)) execute function changeover.sync_35ef3ec2();
alter table public.imports enable always trigger "~~changeover_35ef3ec2_2_sync_update";
create or replace trigger "~~changeover_35ef3ec2_3_note" before insert or update on public.imports
  for each row when (coalesce(current_setting('changeover.unmirrored_35ef3ec2', true), '') <> '') execute function changeover.note('text-int', 'changeover.unmirrored_35ef3ec2', 'changeover.seen_35ef3ec2_unmirrored', '10', 'id');
alter table public.imports enable always trigger "~~changeover_35ef3ec2_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_35ef3ec2(new_side integer, old_side text) returns integer language plpgsql stable as $$
declare
  there integer;
  back text;
  failed boolean := false;
begin
  begin
    there := (old_side::integer);
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (new_side::text);
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
delete from changeover.sighting where plan = 'text-int';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'text-int';

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_35ef3ec2_1_old_insert" before insert on public.imports
  for each row when (new.changeover_amount is not null and new.amount is null and current_setting('changeover.seen_35ef3ec2_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('text-int', 'old', 'changeover.seen_35ef3ec2_old', '10');
alter table public.imports enable always trigger "~~changeover_35ef3ec2_1_old_insert";
create trigger "~~changeover_35ef3ec2_1_old_update" before update of changeover_amount on public.imports
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_35ef3ec2_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('text-int', 'old', 'changeover.seen_35ef3ec2_old', '10');
alter table public.imports enable always trigger "~~changeover_35ef3ec2_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('text-int', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'public.imports'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_35ef3ec2_1_old_insert" on public.imports;
drop trigger if exists "~~changeover_35ef3ec2_1_old_update" on public.imports;

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.imports rename column amount to changeover_35ef3ec2_swap;
alter table public.imports rename column changeover_amount to amount;
alter table public.imports rename column changeover_35ef3ec2_swap to changeover_amount;

-- step move-default
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.imports alter column amount set default '7'::text;
alter table public.imports alter column changeover_amount drop default;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_35ef3ec2(integer, text);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_35ef3ec2() returns trigger language plpgsql as $$
declare
  there integer;
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_amount is not null then
      begin
        new.amount := (new.changeover_amount::text);
        there := (new.amount::integer);
        if there is distinct from new.changeover_amount then perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'back inexact', true); end if;
      exception when others then
        new.amount := null;
        perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'back ' || sqlstate, true);
      end;
    else
      begin
        new.changeover_amount := (new.amount::integer);
      exception when others then
        new.changeover_amount := null;
        perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'forth ' || sqlstate, true);
      end;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.changeover_amount is distinct from old.changeover_amount
     and not (new.amount is distinct from old.amount
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.amount := (new.changeover_amount::text);
      there := (new.amount::integer);
      if there is distinct from new.changeover_amount then perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'back inexact', true); end if;
    exception when others then
      new.amount := null;
      perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'back ' || sqlstate, true);
    end;
  elsif new.amount is distinct from old.amount or new.changeover_amount is null then
    begin
      new.changeover_amount := (new.amount::integer);
    exception when others then
      new.changeover_amount := null;
      perform pg_catalog.set_config('changeover.unmirrored_35ef3ec2', 'forth ' || sqlstate, true);
    end;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_35ef3ec2_2_sync_insert" before insert on public.imports
  for each row when (new.amount is not null or new.changeover_amount is not null) execute function changeover.sync_35ef3ec2();
alter table public.imports enable always trigger "~~changeover_35ef3ec2_2_sync_insert";
create or replace trigger "~~changeover_35ef3ec2_2_sync_update" before update on public.imports
  for each row when ((old.amount is distinct from new.amount or old.changeover_amount is distinct from new.changeover_amount or (new.changeover_amount is null and new.amount is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.amount is distinct from new.amount end)) execute function changeover.sync_35ef3ec2();
alter table public.imports enable always trigger "~~changeover_35ef3ec2_2_sync_update";
create or replace trigger "~~changeover_35ef3ec2_3_note" before insert or update on public.imports
  for each row when (coalesce(current_setting('changeover.unmirrored_35ef3ec2', true), '') <> '') execute function changeover.note('text-int', 'changeover.unmirrored_35ef3ec2', 'changeover.seen_35ef3ec2_unmirrored', '10', 'id');
alter table public.imports enable always trigger "~~changeover_35ef3ec2_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_35ef3ec2(old_side text, new_side integer) returns integer language plpgsql stable as $$
declare
  there integer;
  back text;
  failed boolean := false;
begin
  begin
    there := (old_side::integer);
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (new_side::text);
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
delete from changeover.sighting where plan = 'text-int';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'text-int';

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('text-int', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'public.imports'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;
