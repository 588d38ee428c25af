-- changeover revision 46f5ead27de6
-- parent              58d32b806691
-- plan                int-text
-- name                drop
-- change              change_type public.orders."Code" to text, using -- what it is called 'c -- step ' || "Code"
-- title               drop the old Code
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.orders ()
-- scope added         "changeover_Code"
-- expects             table public.orders 85728e9fabe4
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
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_f0fd0d06_2_sync_insert" on public.orders;
drop trigger if exists "~~changeover_f0fd0d06_2_sync_update" on public.orders;
drop trigger if exists "~~changeover_f0fd0d06_3_note" on public.orders;
drop trigger if exists "~~changeover_f0fd0d06_1_old_insert" on public.orders;
drop trigger if exists "~~changeover_f0fd0d06_1_old_update" on public.orders;
drop function if exists changeover.sync_f0fd0d06();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_f0fd0d06(text, integer);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.orders drop column "changeover_Code";

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'int-text';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'int-text';

-- downgrade
