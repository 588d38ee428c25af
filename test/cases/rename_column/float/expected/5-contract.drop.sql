-- changeover revision a360ad0c75b0
-- parent              970b0e364e14
-- plan                float
-- name                drop
-- change              rename_column public.points.x to longitude
-- title               drop x; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.points (x)
-- scope added         longitude
-- expects             column x 9313130adcc2
-- expects             table public.points 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.points.x
-- deploy old          no: column x is gone
-- deploy new          yes: the change is complete
-- irreversible        column x was dropped; rename longitude back with a new plan

-- upgrade

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

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.points drop column x;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.points alter column longitude set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.points drop constraint if exists changeover_points_x_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.points rename constraint changeover_points_x_not_null to points_x_not_null;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on public.points
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.points alter column longitude set default '-0'::double precision;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'float';

-- downgrade
