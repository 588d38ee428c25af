-- changeover revision a7942419a91e
-- parent              9f34db331f74
-- plan                citext
-- name                mirror
-- change              rename_column app.users.email to mail
-- title               keep email and mail in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.users (email)
-- scope added         mail
-- expects             column email ead3db096f92
-- expects             constraint users_email_key e77bfdbcb4a8
-- expects             index users_email_key aaab6c4887ff
-- expects             index users_lower a224993b0213
-- expects             table app.users 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.users.mail
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_ed3c0721() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.mail is not null then
      new.email := new.mail;
    else
      new.mail := new.email;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if pg_catalog.record_image_ne(row(new.mail), row(old.mail))
     and not (pg_catalog.record_image_ne(row(new.email), row(old.email))
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.email := new.mail;
  elsif pg_catalog.record_image_ne(row(new.email), row(old.email)) or new.mail is null then
    new.mail := new.email;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_ed3c0721_2_sync_insert" before insert on app.users
  for each row when (pg_catalog.record_image_ne(row(new.email), row(new.mail))) execute function changeover.sync_ed3c0721();
create trigger "~~changeover_ed3c0721_2_sync_update" before update on app.users
  for each row when (pg_catalog.record_image_ne(row(new.email), row(new.mail))) execute function changeover.sync_ed3c0721();
alter table app.users enable always trigger "~~changeover_ed3c0721_2_sync_insert";
alter table app.users enable always trigger "~~changeover_ed3c0721_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_ed3c0721_1_old_insert" before insert on app.users
  for each row when (new.email is not null and new.mail is null and current_setting('changeover.seen_ed3c0721_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('citext', 'old', 'changeover.seen_ed3c0721_old', '10');
alter table app.users enable always trigger "~~changeover_ed3c0721_1_old_insert";
create trigger "~~changeover_ed3c0721_1_old_update" before update of email on app.users
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_ed3c0721_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('citext', 'old', 'changeover.seen_ed3c0721_old', '10');
alter table app.users enable always trigger "~~changeover_ed3c0721_1_old_update";
create trigger "~~changeover_ed3c0721_1_new_insert" before insert on app.users
  for each row when (new.mail is not null and current_setting('changeover.seen_ed3c0721_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('citext', 'new', 'changeover.seen_ed3c0721_new', '60');
alter table app.users enable always trigger "~~changeover_ed3c0721_1_new_insert";
create trigger "~~changeover_ed3c0721_1_new_update" before update of mail on app.users
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_ed3c0721_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('citext', 'new', 'changeover.seen_ed3c0721_new', '60');
alter table app.users enable always trigger "~~changeover_ed3c0721_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('citext', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.users add constraint changeover_users_email_not_null check (mail is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.users add constraint changeover_users_email_not_null not null mail not valid;

-- downgrade

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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'citext';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.users drop column if exists mail;

-- step add-column: like email
--   lock     ACCESS EXCLUSIVE on app.users
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.users add column mail ext.citext;
