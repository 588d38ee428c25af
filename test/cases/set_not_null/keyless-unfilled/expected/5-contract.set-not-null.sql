-- changeover revision 7b946a462371
-- parent              154dfc6e1577
-- plan                keyless-unfilled
-- name                set-not-null
-- change              set_not_null public.log.level
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
drop trigger if exists "~~changeover_19e060cf_1_old_insert" on public.log;
drop trigger if exists "~~changeover_19e060cf_1_old_update" on public.log;
drop function if exists changeover.sync_19e060cf();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'keyless-unfilled';

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

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_19e060cf_1_old_insert" before insert on public.log
  for each row when (new.level is null and current_setting('changeover.seen_19e060cf_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('keyless-unfilled', 'old', 'changeover.seen_19e060cf_old', '10');
alter table public.log enable always trigger "~~changeover_19e060cf_1_old_insert";
create trigger "~~changeover_19e060cf_1_old_update" before update of level on public.log
  for each row when (new.level is null and current_setting('changeover.seen_19e060cf_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('keyless-unfilled', 'old', 'changeover.seen_19e060cf_old', '10');
alter table public.log enable always trigger "~~changeover_19e060cf_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('keyless-unfilled', 'epoch', session_user, '', 0);
