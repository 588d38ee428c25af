-- changeover revision 280cda24170d
-- parent              d36c92183c95
-- plan                set-columns
-- name                mirror
-- change              rename_column public.pets.owner to keeper
-- title               keep owner and keeper in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.pets (owner)
-- scope added         keeper
-- expects             column owner b09cdaee8b9a
-- expects             constraint pets_default 628bfe6ade4c
-- expects             constraint pets_owner 3fb62246deda
-- expects             table public.pets 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions public.pets.keeper
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_22464433() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.keeper is not null then
      new.owner := new.keeper;
    else
      new.keeper := new.owner;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.keeper is distinct from old.keeper
     and not (new.owner is distinct from old.owner
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.owner := new.keeper;
  elsif new.owner is distinct from old.owner or new.keeper is null then
    new.keeper := new.owner;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.pets
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_22464433_2_sync_insert" before insert on public.pets
  for each row when (new.owner is distinct from new.keeper) execute function changeover.sync_22464433();
create trigger "~~changeover_22464433_2_sync_update" before update on public.pets
  for each row when (new.owner is distinct from new.keeper) execute function changeover.sync_22464433();
alter table public.pets enable always trigger "~~changeover_22464433_2_sync_insert";
alter table public.pets enable always trigger "~~changeover_22464433_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.pets
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_22464433_1_old_insert" before insert on public.pets
  for each row when (new.owner is not null and new.keeper is null and current_setting('changeover.seen_22464433_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('set-columns', 'old', 'changeover.seen_22464433_old', '10');
alter table public.pets enable always trigger "~~changeover_22464433_1_old_insert";
create trigger "~~changeover_22464433_1_old_update" before update of owner on public.pets
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_22464433_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('set-columns', 'old', 'changeover.seen_22464433_old', '10');
alter table public.pets enable always trigger "~~changeover_22464433_1_old_update";
create trigger "~~changeover_22464433_1_new_insert" before insert on public.pets
  for each row when (new.keeper is not null and current_setting('changeover.seen_22464433_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('set-columns', 'new', 'changeover.seen_22464433_new', '60');
alter table public.pets enable always trigger "~~changeover_22464433_1_new_insert";
create trigger "~~changeover_22464433_1_new_update" before update of keeper on public.pets
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_22464433_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('set-columns', 'new', 'changeover.seen_22464433_new', '60');
alter table public.pets enable always trigger "~~changeover_22464433_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('set-columns', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.pets
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_22464433_2_sync_insert" on public.pets;
drop trigger if exists "~~changeover_22464433_2_sync_update" on public.pets;
drop trigger if exists "~~changeover_22464433_1_old_insert" on public.pets;
drop trigger if exists "~~changeover_22464433_1_old_update" on public.pets;
drop trigger if exists "~~changeover_22464433_1_new_insert" on public.pets;
drop trigger if exists "~~changeover_22464433_1_new_update" on public.pets;
drop function if exists changeover.sync_22464433();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'set-columns';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.pets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.pets drop column if exists keeper;

-- step add-column: like owner
--   lock     ACCESS EXCLUSIVE on public.pets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.pets add column keeper integer;
