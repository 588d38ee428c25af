-- changeover revision 7909c3a4fe33
-- parent              c2c46a780c13
-- plan                user-triggers
-- name                validate
-- change              rename_column public.docs.body to content
-- title               validate the constraints of content, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.docs (body)
-- scope added         content
-- expects             column body 4eff35d3cbe7
-- expects             table public.docs 85728e9fabe4
-- expects             trigger touch bdb2145e3890
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.docs
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'docs' and s.attname = 'content') or not exists (select from public.docs)
analyze public.docs (content);

-- downgrade
