-- changeover revision 38f77c48d397
-- parent              10aab9762f83
-- plan                set-columns
-- name                drop-foreign-keys
-- change              rename_column public.pets.owner to keeper
-- title               drop the foreign keys of owner; their twins stand
-- lane                tail
-- phase               contract
-- runner              autocommit
-- scope               public.pets (owner)
-- scope added         keeper
-- expects             column owner b09cdaee8b9a
-- expects             constraint pets_default 628bfe6ade4c
-- expects             constraint pets_owner 3fb62246deda
-- expects             table public.pets 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.pets.owner
-- deploy old          no: its release is confirmed gone
-- deploy new          yes: the new column is complete

-- upgrade

-- step drop-pets-default
--   lock     ACCESS EXCLUSIVE on public.pets
--   lock     ACCESS EXCLUSIVE on public.owners
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.pets') and c.conname = 'pets_default')
alter table public.pets drop constraint if exists pets_default;

-- step drop-pets-owner
--   lock     ACCESS EXCLUSIVE on public.pets
--   lock     ACCESS EXCLUSIVE on public.owners
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select not exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.pets') and c.conname = 'pets_owner')
alter table public.pets drop constraint if exists pets_owner;

-- downgrade

-- step add-pets-default
--   lock     SHARE ROW EXCLUSIVE on public.pets
--   lock     SHARE ROW EXCLUSIVE on public.owners
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.pets') and c.conname = 'pets_default')
alter table public.pets add constraint pets_default foreign key (owner, kind) references public.owners (id, kind) on delete set default (owner, kind) deferrable not valid;

-- step validate-pets-default
--   lock     SHARE UPDATE EXCLUSIVE on public.pets
--   lock     ROW SHARE on public.owners
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.pets') and c.conname = 'pets_default' and c.convalidated)
alter table public.pets validate constraint pets_default;

-- step add-pets-owner
--   lock     SHARE ROW EXCLUSIVE on public.pets
--   lock     SHARE ROW EXCLUSIVE on public.owners
--   timeout  lock 400ms, statement 10s
--   work     catalog
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.pets') and c.conname = 'pets_owner')
alter table public.pets add constraint pets_owner foreign key (owner, kind) references public.owners (id, kind) on delete set null (owner) not valid;

-- step validate-pets-owner
--   lock     SHARE UPDATE EXCLUSIVE on public.pets
--   lock     ROW SHARE on public.owners
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.pets') and c.conname = 'pets_owner' and c.convalidated)
alter table public.pets validate constraint pets_owner;
