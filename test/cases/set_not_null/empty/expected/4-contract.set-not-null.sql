-- changeover revision ca995be2a67e
-- parent              9f4f08866267
-- plan                empty
-- name                set-not-null
-- change              set_not_null public.nothing.a, NULLs become 'b'
-- title               make a NOT NULL
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               public.nothing (a)
-- scope not null      a
-- expects             column a ed856259f67b
-- expects             table public.nothing 968b76992e65
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.nothing alter column a set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.nothing drop constraint if exists changeover_nothing_a_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.nothing rename constraint changeover_nothing_a_not_null to nothing_a_not_null;

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_2e1cfa82_2_sync_insert" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_1_old_insert" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_1_old_update" on public.nothing;
drop function if exists changeover.sync_2e1cfa82();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'empty';

-- downgrade

-- step rename-constraint
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.nothing rename constraint nothing_a_not_null to changeover_nothing_a_not_null;

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.nothing add constraint changeover_nothing_a_not_null check (a is not null) not valid;

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_2e1cfa82() returns trigger language plpgsql as $$
begin
  new.a := ('b');
  return new;
end
$$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_2e1cfa82_2_sync_insert" before insert or update on public.nothing
  for each row when (new.a is null) execute function changeover.sync_2e1cfa82();
alter table public.nothing enable always trigger "~~changeover_2e1cfa82_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_2e1cfa82_1_old_insert" before insert on public.nothing
  for each row when (new.a is null and current_setting('changeover.seen_2e1cfa82_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('empty', 'old', 'changeover.seen_2e1cfa82_old', '10');
alter table public.nothing enable always trigger "~~changeover_2e1cfa82_1_old_insert";
create trigger "~~changeover_2e1cfa82_1_old_update" before update of a on public.nothing
  for each row when (new.a is null and current_setting('changeover.seen_2e1cfa82_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('empty', 'old', 'changeover.seen_2e1cfa82_old', '10');
alter table public.nothing enable always trigger "~~changeover_2e1cfa82_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('empty', 'epoch', session_user, '', 0);
