-- changeover revision 290d3d64e5cb
-- parent              none
-- plan                keyless
-- name                guard
-- change              set_not_null public.log.level, NULLs become 0
-- title               fill level for writers that send NULL, refuse NULL otherwise
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.log (level)
-- scope not null      level
-- expects             column level b09cdaee8b9a
-- expects             table public.log 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_89bf6dea() returns trigger language plpgsql as $$
begin
  new.level := (0);
  return new;
end
$$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_89bf6dea_2_sync_insert" before insert or update on public.log
  for each row when (new.level is null) execute function changeover.sync_89bf6dea();
alter table public.log enable always trigger "~~changeover_89bf6dea_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_89bf6dea_1_old_insert" before insert on public.log
  for each row when (new.level is null and current_setting('changeover.seen_89bf6dea_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('keyless', 'old', 'changeover.seen_89bf6dea_old', '10');
alter table public.log enable always trigger "~~changeover_89bf6dea_1_old_insert";
create trigger "~~changeover_89bf6dea_1_old_update" before update of level on public.log
  for each row when (new.level is null and current_setting('changeover.seen_89bf6dea_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('keyless', 'old', 'changeover.seen_89bf6dea_old', '10');
alter table public.log enable always trigger "~~changeover_89bf6dea_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('keyless', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.log add constraint changeover_log_level_not_null check (level is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.log add constraint changeover_log_level_not_null not null level not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_89bf6dea_2_sync_insert" on public.log;
drop trigger if exists "~~changeover_89bf6dea_1_old_insert" on public.log;
drop trigger if exists "~~changeover_89bf6dea_1_old_update" on public.log;
drop function if exists changeover.sync_89bf6dea();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'keyless';

-- step drop-not-null-constraint
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.log drop constraint if exists changeover_log_level_not_null;

-- step drop-not-null: where it was set already
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.log alter column level drop not null;
