-- changeover revision eb302fab4bc3
-- parent              a7bcc47f1abe
-- plan                text-int
-- name                mirror
-- change              change_type public.imports.amount to integer, using amount::integer
-- title               keep amount in both types, in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.imports (amount)
-- scope added         changeover_amount
-- expects             column amount 28288ae9463f
-- expects             table public.imports 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

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

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('text-int', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_35ef3ec2_2_sync_insert" on public.imports;
drop trigger if exists "~~changeover_35ef3ec2_2_sync_update" on public.imports;
drop trigger if exists "~~changeover_35ef3ec2_3_note" on public.imports;
drop function if exists changeover.sync_35ef3ec2();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_35ef3ec2(text, integer);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'text-int';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'text-int';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.imports drop column if exists changeover_amount;

-- step add-column: like amount
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.imports add column changeover_amount integer;
