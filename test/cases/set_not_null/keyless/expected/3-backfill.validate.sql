-- changeover revision a77fa1e14307
-- parent              9c023474eeba
-- plan                keyless
-- name                validate
-- change              set_not_null public.log.level, NULLs become 0
-- title               validate that level holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.log (level)
-- scope not null      level
-- expects             column level b09cdaee8b9a
-- expects             table public.log 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step validate-changeover-log-level-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.log
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.log') and c.conname = 'changeover_log_level_not_null' and c.convalidated)
alter table public.log validate constraint changeover_log_level_not_null;

-- downgrade
