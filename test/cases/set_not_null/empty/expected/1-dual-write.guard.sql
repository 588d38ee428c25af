-- changeover revision 7eac6c5bf221
-- parent              none
-- plan                empty
-- name                guard
-- change              set_not_null public.nothing.a, NULLs become 'b'
-- title               fill a for writers that send NULL, refuse NULL otherwise
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.nothing (a)
-- scope not null      a
-- expects             column a ed856259f67b
-- expects             table public.nothing 968b76992e65
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

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

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.nothing add constraint changeover_nothing_a_not_null check (a is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.nothing add constraint changeover_nothing_a_not_null not null a not valid;

-- downgrade

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

-- step drop-not-null-constraint
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.nothing drop constraint if exists changeover_nothing_a_not_null;

-- step drop-not-null: where it was set already
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.nothing alter column a drop not null;
