-- changeover revision 5f3693ce297f
-- parent              166a9584ff08
-- plan                user-triggers-fire
-- name                validate
-- change              set_not_null public.docs.body, NULLs become ''
-- title               validate that body holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.docs (body)
-- scope not null      body
-- expects             column body 4eff35d3cbe7
-- expects             table public.docs 85728e9fabe4
-- expects             trigger count_revision 6cc9e47a4734
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step validate-changeover-docs-body-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.docs
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.docs') and c.conname = 'changeover_docs_body_not_null' and c.convalidated)
alter table public.docs validate constraint changeover_docs_body_not_null;

-- downgrade
