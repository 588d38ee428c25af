-- changeover revision d79f2c81755a
-- parent              none
-- plan                expression
-- name                guard
-- change              set_not_null public."Ümläut"."Nick", NULLs become "Name" || ' (nick)'
-- title               fill Nick for writers that send NULL, refuse NULL otherwise
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public."Ümläut" ("Nick", "Name")
-- scope not null      "Nick"
-- expects             column Name 0d661d9eee16
-- expects             column Nick 4eff35d3cbe7
-- expects             table "public.\"Ümläut\"" 85728e9fabe4
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_b8bc0e4f() returns trigger language plpgsql as $$
begin
  new."Nick" := (new."Name" || ' (nick)');
  return new;
end
$$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_b8bc0e4f_2_sync_insert" before insert or update on public."Ümläut"
  for each row when (new."Nick" is null) execute function changeover.sync_b8bc0e4f();
alter table public."Ümläut" enable always trigger "~~changeover_b8bc0e4f_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_b8bc0e4f_1_old_insert" before insert on public."Ümläut"
  for each row when (new."Nick" is null and current_setting('changeover.seen_b8bc0e4f_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('expression', 'old', 'changeover.seen_b8bc0e4f_old', '10');
alter table public."Ümläut" enable always trigger "~~changeover_b8bc0e4f_1_old_insert";
create trigger "~~changeover_b8bc0e4f_1_old_update" before update of "Nick" on public."Ümläut"
  for each row when (new."Nick" is null and current_setting('changeover.seen_b8bc0e4f_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('expression', 'old', 'changeover.seen_b8bc0e4f_old', '10');
alter table public."Ümläut" enable always trigger "~~changeover_b8bc0e4f_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('expression', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public."Ümläut" add constraint "changeover_Ümläut_Nick_not_null" check ("Nick" is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public."Ümläut" add constraint "changeover_Ümläut_Nick_not_null" not null "Nick" not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_b8bc0e4f_2_sync_insert" on public."Ümläut";
drop trigger if exists "~~changeover_b8bc0e4f_1_old_insert" on public."Ümläut";
drop trigger if exists "~~changeover_b8bc0e4f_1_old_update" on public."Ümläut";
drop function if exists changeover.sync_b8bc0e4f();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'expression';

-- step drop-not-null-constraint
--   lock     ACCESS EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public."Ümläut" drop constraint if exists "changeover_Ümläut_Nick_not_null";

-- step drop-not-null: where it was set already
--   lock     ACCESS EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public."Ümläut" alter column "Nick" drop not null;
