-- changeover revision fb10317e4014
-- parent              009176d8cb30
-- plan                domain-citext
-- name                set-not-null
-- change              set_not_null public.users.email, NULLs become (name || '@Example.com')::public.mail
-- title               make email NOT NULL
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.users (email, name)
-- scope not null      email
-- expects             column email 14fb71ed4cbc
-- expects             column name 0d661d9eee16
-- expects             constraint users_email_key e77bfdbcb4a8
-- expects             index users_email_key d3cb0a156bcf
-- expects             table public.users 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.users alter column email set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.users drop constraint if exists changeover_users_email_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.users rename constraint changeover_users_email_not_null to users_email_not_null;

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_ade84187_2_sync_insert" on public.users;
drop trigger if exists "~~changeover_ade84187_1_old_insert" on public.users;
drop trigger if exists "~~changeover_ade84187_1_old_update" on public.users;
drop function if exists changeover.sync_ade84187();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'domain-citext';

-- downgrade

-- step rename-constraint
--   lock     ACCESS EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.users rename constraint users_email_not_null to changeover_users_email_not_null;

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.users add constraint changeover_users_email_not_null check (email is not null) not valid;

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_ade84187() returns trigger language plpgsql as $$
begin
  new.email := ((new.name || '@Example.com')::public.mail);
  return new;
end
$$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_ade84187_2_sync_insert" before insert or update on public.users
  for each row when (new.email is null) execute function changeover.sync_ade84187();
alter table public.users enable always trigger "~~changeover_ade84187_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_ade84187_1_old_insert" before insert on public.users
  for each row when (new.email is null and current_setting('changeover.seen_ade84187_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('domain-citext', 'old', 'changeover.seen_ade84187_old', '10');
alter table public.users enable always trigger "~~changeover_ade84187_1_old_insert";
create trigger "~~changeover_ade84187_1_old_update" before update of email on public.users
  for each row when (new.email is null and current_setting('changeover.seen_ade84187_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('domain-citext', 'old', 'changeover.seen_ade84187_old', '10');
alter table public.users enable always trigger "~~changeover_ade84187_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('domain-citext', 'epoch', session_user, '', 0);
