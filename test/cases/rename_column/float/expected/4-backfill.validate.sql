-- changeover revision 970b0e364e14
-- parent              8a7f97146bca
-- plan                float
-- name                validate
-- change              rename_column public.points.x to longitude
-- title               validate the constraints of longitude, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.points (x)
-- scope added         longitude
-- expects             column x 9313130adcc2
-- expects             table public.points 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-points-x-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.points
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.points') and c.conname = 'changeover_points_x_not_null' and c.convalidated)
alter table public.points validate constraint changeover_points_x_not_null;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.points
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'points' and s.attname = 'longitude') or not exists (select from public.points)
analyze public.points (longitude);

-- downgrade
