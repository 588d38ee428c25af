-- changeover revision 009176d8cb30
-- parent              81a5f115a450
-- plan                domain-citext
-- name                validate
-- change              set_not_null public.users.email, NULLs become (name || '@Example.com')::public.mail
-- title               validate that email holds no NULL
-- lane                tail
-- phase               backfill
-- runner              autocommit
-- scope               public.users (email, name)
-- scope not null      email
-- expects             column email 14fb71ed4cbc
-- expects             column name 0d661d9eee16
-- expects             constraint users_email_key e77bfdbcb4a8
-- expects             index users_email_key d3cb0a156bcf
-- expects             table public.users 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step validate-changeover-users-email-not-null
--   lock     SHARE UPDATE EXCLUSIVE on public.users
--   timeout  lock none, statement none
--   work     scan
--   done     select exists (select from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass('public.users') and c.conname = 'changeover_users_email_not_null' and c.convalidated)
alter table public.users validate constraint changeover_users_email_not_null;

-- downgrade
