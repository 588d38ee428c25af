-- changeover revision 44a91411eef1
-- parent              f11c0d792648
-- plan                default-nullable
-- name                mirror
-- change              rename_column app.jobs.state to status
-- title               keep state and status in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.jobs (state)
-- scope added         status
-- expects             column state a668473b94a3
-- expects             table app.jobs 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.jobs.status
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_a3416ad7() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.status is not null then
      new.state := new.status;
    else
      new.status := new.state;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.status is distinct from old.status
     and not (new.state is distinct from old.state
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.state := new.status;
  elsif new.state is distinct from old.state or new.status is null then
    new.status := new.state;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_a3416ad7_2_sync_insert" before insert on app.jobs
  for each row when (new.state is distinct from new.status) execute function changeover.sync_a3416ad7();
create trigger "~~changeover_a3416ad7_2_sync_update" before update on app.jobs
  for each row when (new.state is distinct from new.status) execute function changeover.sync_a3416ad7();
alter table app.jobs enable always trigger "~~changeover_a3416ad7_2_sync_insert";
alter table app.jobs enable always trigger "~~changeover_a3416ad7_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_a3416ad7_1_old_insert" before insert on app.jobs
  for each row when (new.state is not null and new.status is null and current_setting('changeover.seen_a3416ad7_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('default-nullable', 'old', 'changeover.seen_a3416ad7_old', '10');
alter table app.jobs enable always trigger "~~changeover_a3416ad7_1_old_insert";
create trigger "~~changeover_a3416ad7_1_old_update" before update of state on app.jobs
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_a3416ad7_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('default-nullable', 'old', 'changeover.seen_a3416ad7_old', '10');
alter table app.jobs enable always trigger "~~changeover_a3416ad7_1_old_update";
create trigger "~~changeover_a3416ad7_1_new_insert" before insert on app.jobs
  for each row when (new.status is not null and current_setting('changeover.seen_a3416ad7_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('default-nullable', 'new', 'changeover.seen_a3416ad7_new', '60');
alter table app.jobs enable always trigger "~~changeover_a3416ad7_1_new_insert";
create trigger "~~changeover_a3416ad7_1_new_update" before update of status on app.jobs
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_a3416ad7_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('default-nullable', 'new', 'changeover.seen_a3416ad7_new', '60');
alter table app.jobs enable always trigger "~~changeover_a3416ad7_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('default-nullable', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_a3416ad7_2_sync_insert" on app.jobs;
drop trigger if exists "~~changeover_a3416ad7_2_sync_update" on app.jobs;
drop trigger if exists "~~changeover_a3416ad7_1_old_insert" on app.jobs;
drop trigger if exists "~~changeover_a3416ad7_1_old_update" on app.jobs;
drop trigger if exists "~~changeover_a3416ad7_1_new_insert" on app.jobs;
drop trigger if exists "~~changeover_a3416ad7_1_new_update" on app.jobs;
drop function if exists changeover.sync_a3416ad7();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'default-nullable';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.jobs drop column if exists status;

-- step add-column: like state
--   lock     ACCESS EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.jobs add column status text collate pg_catalog."POSIX";

-- step column-attributes: storage, statistics, comment and grants as the old column's
--   lock     ACCESS EXCLUSIVE on app.jobs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.jobs alter column status set storage main;
alter table app.jobs alter column status set compression pglz;
