-- changeover revision d0315de6bf11
-- parent              ca51faa8c326
-- plan                serial
-- name                validate
-- change              change_type public.tickets.number to bigint
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.tickets (number)
-- scope added         changeover_number
-- expects             column number 0811258d997a
-- expects             table public.tickets 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step validate-changeover-tickets-number-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.tickets
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.tickets') and c.conname = 'changeover_tickets_number_not_null' and c.convalidated)
alter table public.tickets validate constraint changeover_tickets_number_not_null;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on public.tickets
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'public' and s.tablename = 'tickets' and s.attname = 'changeover_number') or not exists (select from public.tickets)
analyze public.tickets (changeover_number);

-- downgrade
