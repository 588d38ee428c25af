-- changeover revision d19c0665ab27
-- parent              18193c86c6da
-- plan                identity
-- name                index
-- change              rename_column app.tickets.number to ticket
-- title               build the indexes of ticket
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.tickets (number)
-- scope added         ticket
-- expects             column number 9945d19a733d
-- expects             index tickets_number_idx 52cab8b52bce
-- expects             table app.tickets 85728e9fabe4
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-tickets-number-idx: twin of tickets_number_idx
--   lock     SHARE UPDATE EXCLUSIVE on app.tickets
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_tickets_number_idx')), false)
--   heals    app.changeover_tickets_number_idx
create unique index concurrently changeover_tickets_number_idx on app.tickets using btree (ticket);

-- downgrade

-- step drop-changeover-tickets-number-idx
--   lock     SHARE UPDATE EXCLUSIVE on app.tickets
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_tickets_number_idx') is null
drop index concurrently if exists app.changeover_tickets_number_idx;
