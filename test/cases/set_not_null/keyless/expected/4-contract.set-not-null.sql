-- changeover revision 56fbe321d643
-- parent              a77fa1e14307
-- plan                keyless
-- name                set-not-null
-- change              set_not_null public.log.level, NULLs become 0
-- title               make level NOT NULL
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.log (level)
-- scope not null      level
-- expects             column level b09cdaee8b9a
-- expects             table public.log 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.log alter column level set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.log drop constraint if exists changeover_log_level_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.log rename constraint changeover_log_level_not_null to log_level_not_null;

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

-- downgrade

-- step rename-constraint
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.log rename constraint log_level_not_null to changeover_log_level_not_null;

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.log add constraint changeover_log_level_not_null check (level is not null) not valid;

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
