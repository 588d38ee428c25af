-- changeover revision 86888208177c
-- parent              035def6ff981
-- plan                float
-- name                mirror
-- change              rename_column public.points.x to longitude
-- title               keep x and longitude in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.points (x)
-- scope added         longitude
-- expects             column x 9313130adcc2
-- expects             table public.points 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions public.points.longitude
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_76a7e234() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.longitude is not null then
      new.x := new.longitude;
    else
      new.longitude := new.x;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if pg_catalog.record_image_ne(row(new.longitude), row(old.longitude))
     and not (pg_catalog.record_image_ne(row(new.x), row(old.x))
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.x := new.longitude;
  elsif pg_catalog.record_image_ne(row(new.x), row(old.x)) or new.longitude is null then
    new.longitude := new.x;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_76a7e234_2_sync_insert" before insert on public.points
  for each row when (pg_catalog.record_image_ne(row(new.x), row(new.longitude))) execute function changeover.sync_76a7e234();
create trigger "~~changeover_76a7e234_2_sync_update" before update on public.points
  for each row when (pg_catalog.record_image_ne(row(new.x), row(new.longitude))) execute function changeover.sync_76a7e234();
alter table public.points enable always trigger "~~changeover_76a7e234_2_sync_insert";
alter table public.points enable always trigger "~~changeover_76a7e234_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_76a7e234_1_old_insert" before insert on public.points
  for each row when (new.x is not null and new.longitude is null and current_setting('changeover.seen_76a7e234_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('float', 'old', 'changeover.seen_76a7e234_old', '10');
alter table public.points enable always trigger "~~changeover_76a7e234_1_old_insert";
create trigger "~~changeover_76a7e234_1_old_update" before update of x on public.points
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_76a7e234_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('float', 'old', 'changeover.seen_76a7e234_old', '10');
alter table public.points enable always trigger "~~changeover_76a7e234_1_old_update";
create trigger "~~changeover_76a7e234_1_new_insert" before insert on public.points
  for each row when (new.longitude is not null and current_setting('changeover.seen_76a7e234_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('float', 'new', 'changeover.seen_76a7e234_new', '60');
alter table public.points enable always trigger "~~changeover_76a7e234_1_new_insert";
create trigger "~~changeover_76a7e234_1_new_update" before update of longitude on public.points
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_76a7e234_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('float', 'new', 'changeover.seen_76a7e234_new', '60');
alter table public.points enable always trigger "~~changeover_76a7e234_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('float', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.points add constraint changeover_points_x_not_null check (longitude is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.points add constraint changeover_points_x_not_null not null longitude not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_76a7e234_2_sync_insert" on public.points;
drop trigger if exists "~~changeover_76a7e234_2_sync_update" on public.points;
drop trigger if exists "~~changeover_76a7e234_1_old_insert" on public.points;
drop trigger if exists "~~changeover_76a7e234_1_old_update" on public.points;
drop trigger if exists "~~changeover_76a7e234_1_new_insert" on public.points;
drop trigger if exists "~~changeover_76a7e234_1_new_update" on public.points;
drop function if exists changeover.sync_76a7e234();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'float';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.points drop column if exists longitude;

-- step add-column: like x
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.points add column longitude double precision;
