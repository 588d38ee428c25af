-- changeover revision 6e26cdae3dd7
-- parent              ec02e1903aa4
-- plan                keyless
-- name                validate
-- change              rename_column public.log.message to line
-- title               validate the constraints of line, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.log (message)
-- scope added         line
-- expects             column message 4eff35d3cbe7
-- expects             table public.log 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.log
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'log' and s.attname = 'line') or not exists (select from public.log)
analyze public.log (line);

-- downgrade
