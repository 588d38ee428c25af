-- changeover revision f212c3c2a166
-- parent              d3c5e9c58f8d
-- plan                text-int
-- name                drop
-- change              change_type public.imports.amount to integer, using amount::integer
-- title               drop the old amount
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.imports ()
-- scope added         changeover_amount
-- expects             table public.imports 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type
-- irreversible        the old values are gone; change the type back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_35ef3ec2_2_sync_insert" on public.imports;
drop trigger if exists "~~changeover_35ef3ec2_2_sync_update" on public.imports;
drop trigger if exists "~~changeover_35ef3ec2_3_note" on public.imports;
drop trigger if exists "~~changeover_35ef3ec2_1_old_insert" on public.imports;
drop trigger if exists "~~changeover_35ef3ec2_1_old_update" on public.imports;
drop function if exists changeover.sync_35ef3ec2();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_35ef3ec2(integer, text);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.imports drop column changeover_amount;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.imports alter column amount set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.imports drop constraint if exists changeover_imports_amount_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.imports
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.imports rename constraint changeover_imports_amount_not_null to imports_amount_not_null;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'text-int';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'text-int';

-- downgrade
