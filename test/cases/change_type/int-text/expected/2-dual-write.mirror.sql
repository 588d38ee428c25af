-- changeover revision ba1b7ee2319d
-- parent              e94062e1cbc7
-- plan                int-text
-- name                mirror
-- change              change_type public.orders."Code" to text, using -- what it is called 'c -- step ' || "Code"
-- title               keep Code in both types, in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.orders ("Code")
-- scope added         "changeover_Code"
-- expects             column Code b09cdaee8b9a
-- expects             index "Orders code" b0a7901a5624
-- expects             table public.orders 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

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

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('int-text', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_f0fd0d06_2_sync_insert" on public.orders;
drop trigger if exists "~~changeover_f0fd0d06_2_sync_update" on public.orders;
drop trigger if exists "~~changeover_f0fd0d06_3_note" on public.orders;
drop function if exists changeover.sync_f0fd0d06();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_f0fd0d06(integer, text);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'int-text';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'int-text';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders drop column if exists "changeover_Code";

-- step add-column: like Code
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders add column "changeover_Code" text;
