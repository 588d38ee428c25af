-- changeover revision d36c92183c95
-- parent              none
-- plan                set-columns
-- name                add-column
-- change              rename_column public.pets.owner to keeper
-- title               add column keeper, like owner
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.pets (owner)
-- scope added         keeper
-- expects             column owner b09cdaee8b9a
-- expects             constraint pets_default 628bfe6ade4c
-- expects             constraint pets_owner 3fb62246deda
-- expects             table public.pets 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like owner
--   lock     ACCESS EXCLUSIVE on public.pets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.pets add column keeper integer;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.pets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.pets drop column if exists keeper;
