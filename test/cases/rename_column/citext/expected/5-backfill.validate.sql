-- changeover revision d5e423d8bcc5
-- parent              5a1c311e65c3
-- plan                citext
-- name                validate
-- change              rename_column app.users.email to mail
-- title               validate the constraints of mail, gather its statistics
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
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          yes: the new column is filled, indexed and constrained like the old one

-- upgrade

-- step validate-changeover-users-email-not-null
--   lock     SHARE UPDATE EXCLUSIVE on app.users
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('app.users') and c.conname = 'changeover_users_email_not_null' and c.convalidated)
alter table app.users validate constraint changeover_users_email_not_null;

-- step analyze
--   lock     SHARE UPDATE EXCLUSIVE on app.users
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_stats s where s.schemaname = 'app' and s.tablename = 'users' and s.attname = 'mail') or not exists (select from app.users)
analyze app.users;

-- downgrade
