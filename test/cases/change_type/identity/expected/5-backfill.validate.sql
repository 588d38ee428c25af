-- changeover revision 48c14bf00d05
-- parent              6b5f45ed1561
-- plan                identity
-- name                validate
-- change              change_type app.tickets.number to bigint
-- title               validate the constraints over the new type, gather its statistics
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.tickets (number)
-- scope added         changeover_number
-- expects             column number b26c25708c3e
-- expects             index tickets_number_idx 52cab8b52bce
-- expects             table app.tickets 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

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
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'tickets' and s.attname = 'changeover_number') or not exists (select from app.tickets)
analyze app.tickets (changeover_number);

-- downgrade
