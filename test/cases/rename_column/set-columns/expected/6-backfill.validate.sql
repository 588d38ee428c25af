-- changeover revision 10aab9762f83
-- parent              fc9d12205994
-- plan                set-columns
-- name                validate
-- change              rename_column public.pets.owner to keeper
-- title               validate the constraints of keeper, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.pets (owner)
-- scope added         keeper
-- expects             column owner b09cdaee8b9a
-- expects             constraint pets_default 628bfe6ade4c
-- expects             constraint pets_owner 3fb62246deda
-- expects             table public.pets 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-pets-default
--   lock     SHARE UPDATE EXCLUSIVE on public.pets
--   lock     ROW SHARE on public.owners
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.pets') and c.conname = 'changeover_pets_default' and c.convalidated)
alter table public.pets validate constraint changeover_pets_default;

-- step validate-changeover-pets-owner
--   lock     SHARE UPDATE EXCLUSIVE on public.pets
--   lock     ROW SHARE on public.owners
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.pets') and c.conname = 'changeover_pets_owner' and c.convalidated)
alter table public.pets validate constraint changeover_pets_owner;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.pets
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'pets' and s.attname = 'keeper') or not exists (select from public.pets)
analyze public.pets (keeper);

-- downgrade
