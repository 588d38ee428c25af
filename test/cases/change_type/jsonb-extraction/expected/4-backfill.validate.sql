-- changeover revision 1771ae003be4
-- parent              9e26f25e0dae
-- plan                jsonb-extraction
-- name                validate
-- change              change_type public.docs.size to integer, using (size ->> 'px')::integer
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.docs (size)
-- scope added         changeover_size
-- expects             column size 44f4fbbc7a50
-- expects             table public.docs 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.docs
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'docs' and s.attname = 'changeover_size') or not exists (select from public.docs)
analyze public.docs (changeover_size);

-- downgrade
