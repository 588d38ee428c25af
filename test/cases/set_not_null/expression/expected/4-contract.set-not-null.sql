-- changeover revision 98bdeb650821
-- parent              7fe960cdaf6b
-- plan                expression
-- name                set-not-null
-- change              set_not_null public."Ümläut"."Nick", NULLs become "Name" || ' (nick)'
-- title               make Nick NOT NULL
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public."Ümläut" ("Nick", "Name")
-- scope not null      "Nick"
-- expects             column Name 0d661d9eee16
-- expects             column Nick 4eff35d3cbe7
-- expects             table "public.\"Ümläut\"" 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public."Ümläut" alter column "Nick" set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public."Ümläut" drop constraint if exists "changeover_Ümläut_Nick_not_null";

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public."Ümläut" rename constraint "changeover_Ümläut_Nick_not_null" to "Ümläut_Nick_not_null";

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

-- downgrade

-- step rename-constraint
--   lock     ACCESS EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public."Ümläut" rename constraint "Ümläut_Nick_not_null" to "changeover_Ümläut_Nick_not_null";

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public."Ümläut"
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public."Ümläut" add constraint "changeover_Ümläut_Nick_not_null" check ("Nick" is not null) not valid;

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
