-- changeover revision 2ba4e716f06d
-- parent              225002b0a903
-- plan                keyless
-- name                mirror
-- change              rename_column public.log.message to line
-- title               keep message and line in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.log (message)
-- scope added         line
-- expects             column message 4eff35d3cbe7
-- expects             table public.log 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions public.log.line
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_89bf6dea() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.line is not null then
      new.message := new.line;
    else
      new.line := new.message;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.line is distinct from old.line
     and not (new.message is distinct from old.message
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.message := new.line;
  elsif new.message is distinct from old.message or new.line is null then
    new.line := new.message;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_89bf6dea_2_sync_insert" before insert on public.log
  for each row when (new.message is distinct from new.line) execute function changeover.sync_89bf6dea();
create trigger "~~changeover_89bf6dea_2_sync_update" before update on public.log
  for each row when (new.message is distinct from new.line) execute function changeover.sync_89bf6dea();
alter table public.log enable always trigger "~~changeover_89bf6dea_2_sync_insert";
alter table public.log enable always trigger "~~changeover_89bf6dea_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_89bf6dea_1_old_insert" before insert on public.log
  for each row when (new.message is not null and new.line is null and current_setting('changeover.seen_89bf6dea_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('keyless', 'old', 'changeover.seen_89bf6dea_old', '10');
alter table public.log enable always trigger "~~changeover_89bf6dea_1_old_insert";
create trigger "~~changeover_89bf6dea_1_old_update" before update of message on public.log
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_89bf6dea_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('keyless', 'old', 'changeover.seen_89bf6dea_old', '10');
alter table public.log enable always trigger "~~changeover_89bf6dea_1_old_update";
create trigger "~~changeover_89bf6dea_1_new_insert" before insert on public.log
  for each row when (new.line is not null and current_setting('changeover.seen_89bf6dea_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('keyless', 'new', 'changeover.seen_89bf6dea_new', '60');
alter table public.log enable always trigger "~~changeover_89bf6dea_1_new_insert";
create trigger "~~changeover_89bf6dea_1_new_update" before update of line on public.log
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_89bf6dea_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('keyless', 'new', 'changeover.seen_89bf6dea_new', '60');
alter table public.log enable always trigger "~~changeover_89bf6dea_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('keyless', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_89bf6dea_2_sync_insert" on public.log;
drop trigger if exists "~~changeover_89bf6dea_2_sync_update" on public.log;
drop trigger if exists "~~changeover_89bf6dea_1_old_insert" on public.log;
drop trigger if exists "~~changeover_89bf6dea_1_old_update" on public.log;
drop trigger if exists "~~changeover_89bf6dea_1_new_insert" on public.log;
drop trigger if exists "~~changeover_89bf6dea_1_new_update" on public.log;
drop function if exists changeover.sync_89bf6dea();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'keyless';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.log drop column if exists line;

-- step add-column: like message
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.log add column line text;
