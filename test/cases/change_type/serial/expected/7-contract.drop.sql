-- changeover revision f0415a685cc9
-- parent              17a3d1e1b703
-- plan                serial
-- name                drop
-- change              change_type public.tickets.number to bigint
-- title               drop the old number
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.tickets ()
-- scope added         changeover_number
-- expects             table public.tickets 85728e9fabe4
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
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_0144b1de_2_sync_insert" on public.tickets;
drop trigger if exists "~~changeover_0144b1de_2_sync_update" on public.tickets;
drop trigger if exists "~~changeover_0144b1de_3_note" on public.tickets;
drop trigger if exists "~~changeover_0144b1de_1_old_insert" on public.tickets;
drop trigger if exists "~~changeover_0144b1de_1_old_update" on public.tickets;
drop function if exists changeover.sync_0144b1de();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_0144b1de(bigint, integer);

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.tickets drop column changeover_number;

-- step widen-sequences
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 400ms, statement 10s
--   work     catalog
alter sequence public.tickets_number_seq as bigint;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.tickets alter column number set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.tickets drop constraint if exists changeover_tickets_number_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.tickets rename constraint changeover_tickets_number_not_null to tickets_number_not_null;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'serial';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'serial';

-- downgrade
