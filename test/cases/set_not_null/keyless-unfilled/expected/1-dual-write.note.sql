-- changeover revision 089fb433dd99
-- parent              none
-- plan                keyless-unfilled
-- name                note
-- change              set_not_null public.log.level
-- title               note who still sends NULL for level
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.log (level)
-- scope not null      level
-- expects             column level b09cdaee8b9a
-- expects             table public.log 85728e9fabe4
-- deploy old          yes: NULLs are only noted
-- deploy new          yes: it never sends NULL

-- upgrade

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

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.log
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_19e060cf_1_old_insert" on public.log;
drop trigger if exists "~~changeover_19e060cf_1_old_update" on public.log;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'keyless-unfilled';
