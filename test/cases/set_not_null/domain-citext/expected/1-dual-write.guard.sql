-- changeover revision 1d274256f730
-- parent              none
-- plan                domain-citext
-- name                guard
-- change              set_not_null public.users.email, NULLs become (name || '@Example.com')::public.mail
-- title               fill email for writers that send NULL, refuse NULL otherwise
-- lane                trunk
-- phase               dual-write
-- runner              transactional
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

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.users add constraint changeover_users_email_not_null check (email is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.users add constraint changeover_users_email_not_null not null email not valid;

-- downgrade

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

-- step drop-not-null-constraint
--   lock     ACCESS EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.users drop constraint if exists changeover_users_email_not_null;

-- step drop-not-null: where it was set already
--   lock     ACCESS EXCLUSIVE on public.users
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.users alter column email drop not null;
