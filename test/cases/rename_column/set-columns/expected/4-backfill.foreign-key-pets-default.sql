-- changeover revision 67323f40b213
-- parent              46b414bb9298
-- plan                set-columns
-- name                foreign-key-pets-default
-- change              rename_column public.pets.owner to keeper
-- title               add the twin of foreign key pets_default
-- lane                tail
-- phase               backfill
-- runner              transactional
-- scope               public.pets (owner)
-- scope added         keeper
-- expects             column owner b09cdaee8b9a
-- expects             constraint pets_default 628bfe6ade4c
-- expects             constraint pets_owner 3fb62246deda
-- expects             table public.pets 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step add-foreign-key
--   lock     SHARE ROW EXCLUSIVE on public.pets
--   lock     SHARE ROW EXCLUSIVE on public.owners
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter table public.pets add constraint changeover_pets_default foreign key (keeper, kind) references public.owners (id, kind) on delete set default (keeper, kind) deferrable not valid;

-- downgrade

-- step drop-foreign-key
--   lock     ACCESS EXCLUSIVE on public.pets
--   lock     ACCESS EXCLUSIVE on public.owners
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter table public.pets drop constraint if exists changeover_pets_default;
