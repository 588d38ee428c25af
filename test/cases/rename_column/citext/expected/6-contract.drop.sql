-- changeover revision 72f11f70b59d
-- parent              d5e423d8bcc5
-- plan                citext
-- name                drop
-- change              rename_column app.users.email to mail
-- title               drop email; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.users (email)
-- scope added         mail
-- expects             column email ead3db096f92
-- expects             constraint users_email_key e77bfdbcb4a8
-- expects             index users_email_key aaab6c4887ff
-- expects             index users_lower a224993b0213
-- expects             table app.users 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.users.email
-- deploy old          no: column email is gone
-- deploy new          yes: the change is complete
-- irreversible        column email was dropped; rename mail back with a new plan

-- upgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_ed3c0721_2_sync_insert" on app.users;
drop trigger if exists "~~changeover_ed3c0721_2_sync_update" on app.users;
drop trigger if exists "~~changeover_ed3c0721_1_old_insert" on app.users;
drop trigger if exists "~~changeover_ed3c0721_1_old_update" on app.users;
drop trigger if exists "~~changeover_ed3c0721_1_new_insert" on app.users;
drop trigger if exists "~~changeover_ed3c0721_1_new_update" on app.users;
drop function if exists changeover.sync_ed3c0721();

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.users drop column email;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.users alter column mail set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.users drop constraint if exists changeover_users_email_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.users rename constraint changeover_users_email_not_null to users_email_not_null;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.users add constraint users_email_key unique using index changeover_users_email_key;
alter index app.changeover_users_lower rename to users_lower;

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'citext';

-- downgrade
