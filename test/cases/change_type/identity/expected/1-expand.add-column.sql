-- changeover revision 1aaaa9b12f9f
-- parent              none
-- plan                identity
-- name                add-column
-- change              change_type app.tickets.number to bigint
-- title               add number as bigint, beside it
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.tickets (number)
-- scope added         changeover_number
-- expects             column number b26c25708c3e
-- expects             index tickets_number_idx 52cab8b52bce
-- expects             table app.tickets 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step add-column: like number
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tickets add column changeover_number bigint;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.tickets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tickets drop column if exists changeover_number;
