-- changeover revision 4c478f4c7b66
-- parent              none
-- plan                serial
-- name                add-column
-- change              rename_column app.tickets.number to ticket
-- title               add column ticket, like number
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.tickets (number)
-- scope added         ticket
-- expects             column number 4fe7cb0a284f
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
