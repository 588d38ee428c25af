-- changeover revision 6b5f45ed1561
-- parent              89f035246213
-- plan                identity
-- name                index
-- change              change_type app.tickets.number to bigint
-- title               build the indexes of number over its new type
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

-- step create-changeover-tickets-number-idx: twin of tickets_number_idx
--   lock     SHARE UPDATE EXCLUSIVE on app.tickets
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_tickets_number_idx')), false)
--   heals    app.changeover_tickets_number_idx
create unique index concurrently changeover_tickets_number_idx on app.tickets using btree (changeover_number);

-- downgrade

-- step drop-changeover-tickets-number-idx
--   lock     SHARE UPDATE EXCLUSIVE on app.tickets
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_tickets_number_idx') is null
drop index concurrently if exists app.changeover_tickets_number_idx;
