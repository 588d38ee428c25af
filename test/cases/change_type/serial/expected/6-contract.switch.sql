-- changeover revision 17a3d1e1b703
-- parent              f4d842016375
-- plan                serial
-- name                switch
-- change              change_type public.tickets.number to bigint
-- title               number becomes bigint; the old one is kept in step beside it
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.tickets (number)
-- scope added         changeover_number
-- scope not null      number
-- expects             column number 65384efb2666
-- expects             table public.tickets 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- undo gate           reversible
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type

-- upgrade

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.tickets rename column number to changeover_0144b1de_swap;
alter table public.tickets rename column changeover_number to number;
alter table public.tickets rename column changeover_0144b1de_swap to changeover_number;

-- step move-default
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.tickets alter column number set default nextval('public.tickets_number_seq'::regclass);
alter table public.tickets alter column changeover_number drop default;

-- step own-sequences
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter sequence public.tickets_number_seq owned by public.tickets.number;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_0144b1de(integer, bigint);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_0144b1de() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.number is not null then
      begin
        new.changeover_number := (new.number::integer);
      exception when others then
        new.changeover_number := null;
        perform pg_catalog.set_config('changeover.unmirrored_0144b1de', 'back ' || sqlstate, true);
      end;
    else
      new.number := (new.changeover_number::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.number is distinct from old.number
     and not (new.changeover_number is distinct from old.changeover_number
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.changeover_number := (new.number::integer);
    exception when others then
      new.changeover_number := null;
      perform pg_catalog.set_config('changeover.unmirrored_0144b1de', 'back ' || sqlstate, true);
    end;
  elsif new.changeover_number is distinct from old.changeover_number or new.number is null then
    new.number := (new.changeover_number::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_0144b1de_2_sync_insert" before insert on public.tickets
  for each row when (new.changeover_number is not null or new.number is not null) execute function changeover.sync_0144b1de();
alter table public.tickets enable always trigger "~~changeover_0144b1de_2_sync_insert";
create or replace trigger "~~changeover_0144b1de_2_sync_update" before update on public.tickets
  for each row when ((old.changeover_number is distinct from new.changeover_number or old.number is distinct from new.number or (new.number is null and new.changeover_number is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.changeover_number is distinct from new.changeover_number end)) execute function changeover.sync_0144b1de();
alter table public.tickets enable always trigger "~~changeover_0144b1de_2_sync_update";
create or replace trigger "~~changeover_0144b1de_3_note" before insert or update on public.tickets
  for each row when (coalesce(current_setting('changeover.unmirrored_0144b1de', true), '') <> '') execute function changeover.note('serial', 'changeover.unmirrored_0144b1de', 'changeover.seen_0144b1de_unmirrored', '10', 'id');
alter table public.tickets enable always trigger "~~changeover_0144b1de_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_0144b1de(new_side bigint, old_side integer) returns integer language plpgsql stable as $$
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
delete from changeover.sighting where plan = 'serial';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'serial';

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_0144b1de_1_old_insert" before insert on public.tickets
  for each row when (new.changeover_number is not null and new.number is null and current_setting('changeover.seen_0144b1de_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('serial', 'old', 'changeover.seen_0144b1de_old', '10');
alter table public.tickets enable always trigger "~~changeover_0144b1de_1_old_insert";
create trigger "~~changeover_0144b1de_1_old_update" before update of changeover_number on public.tickets
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_0144b1de_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('serial', 'old', 'changeover.seen_0144b1de_old', '10');
alter table public.tickets enable always trigger "~~changeover_0144b1de_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('serial', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'public.tickets'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_0144b1de_1_old_insert" on public.tickets;
drop trigger if exists "~~changeover_0144b1de_1_old_update" on public.tickets;

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.tickets rename column number to changeover_0144b1de_swap;
alter table public.tickets rename column changeover_number to number;
alter table public.tickets rename column changeover_0144b1de_swap to changeover_number;

-- step move-default
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.tickets alter column number set default nextval('public.tickets_number_seq'::regclass);
alter table public.tickets alter column changeover_number drop default;

-- step own-sequences
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter sequence public.tickets_number_seq owned by public.tickets.number;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_0144b1de(bigint, integer);

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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'serial';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'serial';

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('serial', 'epoch', session_user, '', 0);

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
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'public.tickets'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;
