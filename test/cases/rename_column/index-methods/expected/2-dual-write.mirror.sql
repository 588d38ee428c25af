-- changeover revision 219f484781b0
-- parent              8a5babde8ffb
-- plan                index-methods
-- name                mirror
-- change              rename_column public.places.area to ground
-- title               keep area and ground in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.places (area)
-- scope added         ground
-- expects             column area 4d3a3729e5d4
-- expects             index places_brin c5a2b8576edb
-- expects             index places_gin eeecb6a2f210
-- expects             index places_gist d9e6856d1dfd
-- expects             index places_gist_and eda41e7c3414
-- expects             index places_hash 6e6742252b3d
-- expects             index places_spgist f61000f95862
-- expects             table public.places 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions public.places.ground
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_14b3115b() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.ground is not null then
      new.area := new.ground;
    else
      new.ground := new.area;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if pg_catalog.record_image_ne(row(new.ground), row(old.ground))
     and not (pg_catalog.record_image_ne(row(new.area), row(old.area))
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.area := new.ground;
  elsif pg_catalog.record_image_ne(row(new.area), row(old.area)) or new.ground is null then
    new.ground := new.area;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.places
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_14b3115b_2_sync_insert" before insert on public.places
  for each row when (pg_catalog.record_image_ne(row(new.area), row(new.ground))) execute function changeover.sync_14b3115b();
create trigger "~~changeover_14b3115b_2_sync_update" before update on public.places
  for each row when (pg_catalog.record_image_ne(row(new.area), row(new.ground))) execute function changeover.sync_14b3115b();
alter table public.places enable always trigger "~~changeover_14b3115b_2_sync_insert";
alter table public.places enable always trigger "~~changeover_14b3115b_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.places
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_14b3115b_1_old_insert" before insert on public.places
  for each row when (new.area is not null and new.ground is null and current_setting('changeover.seen_14b3115b_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('index-methods', 'old', 'changeover.seen_14b3115b_old', '10');
alter table public.places enable always trigger "~~changeover_14b3115b_1_old_insert";
create trigger "~~changeover_14b3115b_1_old_update" before update of area on public.places
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_14b3115b_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('index-methods', 'old', 'changeover.seen_14b3115b_old', '10');
alter table public.places enable always trigger "~~changeover_14b3115b_1_old_update";
create trigger "~~changeover_14b3115b_1_new_insert" before insert on public.places
  for each row when (new.ground is not null and current_setting('changeover.seen_14b3115b_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('index-methods', 'new', 'changeover.seen_14b3115b_new', '60');
alter table public.places enable always trigger "~~changeover_14b3115b_1_new_insert";
create trigger "~~changeover_14b3115b_1_new_update" before update of ground on public.places
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_14b3115b_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('index-methods', 'new', 'changeover.seen_14b3115b_new', '60');
alter table public.places enable always trigger "~~changeover_14b3115b_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('index-methods', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.places
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_14b3115b_2_sync_insert" on public.places;
drop trigger if exists "~~changeover_14b3115b_2_sync_update" on public.places;
drop trigger if exists "~~changeover_14b3115b_1_old_insert" on public.places;
drop trigger if exists "~~changeover_14b3115b_1_old_update" on public.places;
drop trigger if exists "~~changeover_14b3115b_1_new_insert" on public.places;
drop trigger if exists "~~changeover_14b3115b_1_new_update" on public.places;
drop function if exists changeover.sync_14b3115b();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'index-methods';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.places
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.places drop column if exists ground;

-- step add-column: like area
--   lock     ACCESS EXCLUSIVE on public.places
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.places add column ground box;
