-- changeover revision 0dd84d14b980
-- parent              4f61c1ff1d04
-- plan                json
-- name                index
-- change              rename_column public.docs.body to content
-- title               build the indexes of content
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.docs (body)
-- scope added         content
-- expects             column body b67b95ee8e80
-- expects             index docs_expr_idx ced9911023a2
-- expects             table public.docs 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-docs-expr-idx: twin of docs_expr_idx
--   lock     SHARE UPDATE EXCLUSIVE on public.docs
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.changeover_docs_expr_idx')), false)
--   heals    public.changeover_docs_expr_idx
create index concurrently changeover_docs_expr_idx on public.docs using btree ((((content ->> 'a'::text)))) where (content IS NOT NULL);

-- downgrade

-- step drop-changeover-docs-expr-idx
--   lock     SHARE UPDATE EXCLUSIVE on public.docs
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('public.changeover_docs_expr_idx') is null
drop index concurrently if exists public.changeover_docs_expr_idx;
