-- changeover revision 6c411e9b0cd9
-- parent              none
-- plan                identity
-- name                add-column
-- change              rename_column app.tickets.number to ticket
-- title               add column ticket, like number
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.tickets (number)
-- scope added         ticket
-- expects             column number 9945d19a733d
-- expects             index tickets_number_idx 52cab8b52bce
-- expects             table app.tickets 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like number
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tickets add column ticket integer;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tickets drop column if exists ticket;
