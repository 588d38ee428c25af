-- changeover revision 283c5a2beb47
-- parent              0dd84d14b980
-- plan                json
-- name                validate
-- change              rename_column public.docs.body to content
-- title               validate the constraints of content, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.docs (body)
-- scope added         content
-- expects             column body b67b95ee8e80
-- expects             index docs_expr_idx ced9911023a2
-- expects             table public.docs 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.docs
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'docs' and s.attname = 'content') or not exists (select from public.docs)
analyze public.docs;

-- downgrade
