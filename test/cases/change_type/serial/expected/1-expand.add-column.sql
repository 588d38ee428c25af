-- changeover revision 7ba956ca62f5
-- parent              none
-- plan                serial
-- name                add-column
-- change              change_type public.tickets.number to bigint
-- title               add number as bigint, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               public.tickets (number)
-- scope added         changeover_number
-- expects             column number 0811258d997a
-- expects             table public.tickets 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like number
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.tickets add column changeover_number bigint;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.tickets drop column if exists changeover_number;
