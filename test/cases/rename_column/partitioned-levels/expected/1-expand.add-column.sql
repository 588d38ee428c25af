-- changeover revision bbd42bc8c07a
-- parent              none
-- plan                partitioned-levels
-- name                add-column
-- change              rename_column app.t.email to mail
-- title               add column mail, like email
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.t (email)
-- scope added         mail
-- expects             column email 2331e884d737
-- expects             constraint t_once 5f23e8dec668
-- expects             index t_email_idx 79ecc23bc0bf
-- expects             index t_once 1c08b7d0b833
-- expects             table app.t 5b7b0a57c90b
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like email
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.t add column mail text;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.t drop column if exists mail;
