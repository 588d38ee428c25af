-- changeover revision 05e1d007f107
-- parent              38f77c48d397
-- plan                set-columns
-- name                drop
-- change              rename_column public.pets.owner to keeper
-- title               drop owner; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.pets (owner)
-- scope added         keeper
-- expects             column owner b09cdaee8b9a
-- expects             table public.pets 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions public.pets.owner
-- deploy old          no: column owner is gone
-- deploy new          yes: the change is complete
-- irreversible        column owner was dropped; rename keeper back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.pets
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_22464433_2_sync_insert" on public.pets;
drop trigger if exists "~~changeover_22464433_2_sync_update" on public.pets;
drop trigger if exists "~~changeover_22464433_1_old_insert" on public.pets;
drop trigger if exists "~~changeover_22464433_1_old_update" on public.pets;
drop trigger if exists "~~changeover_22464433_1_new_insert" on public.pets;
drop trigger if exists "~~changeover_22464433_1_new_update" on public.pets;
drop function if exists changeover.sync_22464433();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.pets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.pets drop column owner;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on public.pets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.pets rename constraint changeover_pets_default to pets_default;
alter table public.pets rename constraint changeover_pets_owner to pets_owner;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'set-columns';

-- downgrade
