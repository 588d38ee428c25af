-- changeover revision 9f34db331f74
-- parent              none
-- plan                citext
-- name                add-column
-- change              rename_column app.users.email to mail
-- title               add column mail, like email
-- lane                trunk
-- phase               expand
-- runner              transactional
-- scope               app.users (email)
-- scope added         mail
-- expects             column email ead3db096f92
-- expects             constraint users_email_key e77bfdbcb4a8
-- expects             index users_email_key aaab6c4887ff
-- expects             index users_lower a224993b0213
-- expects             table app.users 85728e9fabe4
-- deploy old          yes: the added column is nullable and has no default
-- deploy new          no: nothing keeps the new column in step yet

-- upgrade

-- step add-column: like email
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.users add column mail ext.citext;

-- downgrade

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.users drop column if exists mail;
