-- changeover revision fdb1a46db9b2
-- parent              781f4bd05f8f
-- plan                indexes
-- name                mirror
-- change              rename_column public.people.name to full_name
-- title               keep name and full_name in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.people (name)
-- scope added         full_name
-- expects             column name 476473fe084d
-- expects             index people_city_name 6dac924ed0da
-- expects             index people_long 4e0917e8dbb6
-- expects             index people_lower e11fc215042a
-- expects             index people_name_desc 7115f2a6fb65
-- expects             index people_name_idx ac84f4d95b2f
-- expects             index people_name_pattern 61eaa6b3aa3b
-- expects             index people_unique 40117e0a8569
-- expects             table public.people 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions public.people.full_name
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_8729ca25() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.full_name is not null then
      new.name := new.full_name;
    else
      new.full_name := new.name;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.full_name is distinct from old.full_name
     and not (new.name is distinct from old.name
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.name := new.full_name;
  elsif new.name is distinct from old.name or new.full_name is null then
    new.full_name := new.name;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.people
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_8729ca25_2_sync_insert" before insert on public.people
  for each row when (new.name is distinct from new.full_name) execute function changeover.sync_8729ca25();
create trigger "~~changeover_8729ca25_2_sync_update" before update on public.people
  for each row when (new.name is distinct from new.full_name) execute function changeover.sync_8729ca25();
alter table public.people enable always trigger "~~changeover_8729ca25_2_sync_insert";
alter table public.people enable always trigger "~~changeover_8729ca25_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.people
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_8729ca25_1_old_insert" before insert on public.people
  for each row when (new.name is not null and new.full_name is null and current_setting('changeover.seen_8729ca25_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('indexes', 'old', 'changeover.seen_8729ca25_old', '10');
alter table public.people enable always trigger "~~changeover_8729ca25_1_old_insert";
create trigger "~~changeover_8729ca25_1_old_update" before update of name on public.people
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_8729ca25_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('indexes', 'old', 'changeover.seen_8729ca25_old', '10');
alter table public.people enable always trigger "~~changeover_8729ca25_1_old_update";
create trigger "~~changeover_8729ca25_1_new_insert" before insert on public.people
  for each row when (new.full_name is not null and current_setting('changeover.seen_8729ca25_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('indexes', 'new', 'changeover.seen_8729ca25_new', '60');
alter table public.people enable always trigger "~~changeover_8729ca25_1_new_insert";
create trigger "~~changeover_8729ca25_1_new_update" before update of full_name on public.people
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_8729ca25_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('indexes', 'new', 'changeover.seen_8729ca25_new', '60');
alter table public.people enable always trigger "~~changeover_8729ca25_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('indexes', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.people
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_8729ca25_2_sync_insert" on public.people;
drop trigger if exists "~~changeover_8729ca25_2_sync_update" on public.people;
drop trigger if exists "~~changeover_8729ca25_1_old_insert" on public.people;
drop trigger if exists "~~changeover_8729ca25_1_old_update" on public.people;
drop trigger if exists "~~changeover_8729ca25_1_new_insert" on public.people;
drop trigger if exists "~~changeover_8729ca25_1_new_update" on public.people;
drop function if exists changeover.sync_8729ca25();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'indexes';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.people drop column if exists full_name;

-- step add-column: like name
--   lock     ACCESS EXCLUSIVE on public.people
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.people add column full_name text collate pg_catalog."C";
