-- changeover revision 3707688ade8b
-- parent              b64c13d0b78f
-- plan                serial
-- name                validate
-- change              rename_column app.tickets.number to ticket
-- title               validate the constraints of ticket, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.tickets (number)
-- scope added         ticket
-- expects             column number 4fe7cb0a284f
-- expects             table app.tickets 85728e9fabe4
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-tickets-number-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.tickets
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.tickets') and c.conname = 'changeover_tickets_number_not_null' and c.convalidated)
alter table app.tickets validate constraint changeover_tickets_number_not_null;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.tickets
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'tickets' and s.attname = 'ticket') or not exists (select from app.tickets)
analyze app.tickets (ticket);

-- downgrade
