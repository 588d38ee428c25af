-- changeover revision 5a1c311e65c3
-- parent              008d033bb371
-- plan                citext
-- name                index
-- change              rename_column app.users.email to mail
-- title               build the indexes of mail
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               app.users (email)
-- scope added         mail
-- expects             column email ead3db096f92
-- expects             constraint users_email_key e77bfdbcb4a8
-- expects             index users_email_key aaab6c4887ff
-- expects             index users_lower a224993b0213
-- expects             table app.users 85728e9fabe4
-- undo gate           idle new for 0s
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: its constraints are not validated yet

-- upgrade

-- step create-changeover-users-lower: twin of users_lower
--   lock     SHARE UPDATE EXCLUSIVE on app.users
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_users_lower')), false)
--   heals    app.changeover_users_lower
create unique index concurrently changeover_users_lower on app.users using btree ((lower((mail)::text)), mail) where (mail IS NOT NULL);

-- step create-changeover-users-email-key: twin of users_email_key
--   lock     SHARE UPDATE EXCLUSIVE on app.users
--   timeout  lock none, statement none
--   work     build
--   done     select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('app.changeover_users_email_key')), false)
--   heals    app.changeover_users_email_key
create unique index concurrently changeover_users_email_key on app.users using btree (mail);

-- downgrade

-- step drop-changeover-users-lower
--   lock     SHARE UPDATE EXCLUSIVE on app.users
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_users_lower') is null
drop index concurrently if exists app.changeover_users_lower;

-- step drop-changeover-users-email-key
--   lock     SHARE UPDATE EXCLUSIVE on app.users
--   timeout  lock none, statement none
--   work     catalog
--   done     select pg_catalog.to_regclass('app.changeover_users_email_key') is null
drop index concurrently if exists app.changeover_users_email_key;
