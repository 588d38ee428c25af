-- changeover revision faee458a1093
-- parent              c4ca21e4e6d7
-- plan                empty
-- name                mirror
-- change              rename_column public.nothing.a to b
-- title               keep a and b in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.nothing (a)
-- scope added         b
-- expects             column a 43aa6624a39f
-- expects             constraint nothing_a_check 0cb2680f5e13
-- expects             constraint nothing_a_key e7e51ecc2975
-- expects             index nothing_a_idx bb0cba42e419
-- expects             index nothing_a_key dde1517ba966
-- expects             table public.nothing 968b76992e65
-- undo gate           idle new for 0s
-- undo gate           functions public.nothing.b
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_2e1cfa82() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.b is not null then
      new.a := new.b;
    else
      new.b := new.a;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.b is distinct from old.b
     and not (new.a is distinct from old.a
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.a := new.b;
  elsif new.a is distinct from old.a or new.b is null then
    new.b := new.a;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_2e1cfa82_2_sync_insert" before insert on public.nothing
  for each row when (new.a is distinct from new.b) execute function changeover.sync_2e1cfa82();
create trigger "~~changeover_2e1cfa82_2_sync_update" before update on public.nothing
  for each row when (new.a is distinct from new.b) execute function changeover.sync_2e1cfa82();
alter table public.nothing enable always trigger "~~changeover_2e1cfa82_2_sync_insert";
alter table public.nothing enable always trigger "~~changeover_2e1cfa82_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_2e1cfa82_1_old_insert" before insert on public.nothing
  for each row when (new.a is not null and new.b is null and current_setting('changeover.seen_2e1cfa82_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('empty', 'old', 'changeover.seen_2e1cfa82_old', '10');
alter table public.nothing enable always trigger "~~changeover_2e1cfa82_1_old_insert";
create trigger "~~changeover_2e1cfa82_1_old_update" before update of a on public.nothing
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_2e1cfa82_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('empty', 'old', 'changeover.seen_2e1cfa82_old', '10');
alter table public.nothing enable always trigger "~~changeover_2e1cfa82_1_old_update";
create trigger "~~changeover_2e1cfa82_1_new_insert" before insert on public.nothing
  for each row when (new.b is not null and current_setting('changeover.seen_2e1cfa82_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('empty', 'new', 'changeover.seen_2e1cfa82_new', '60');
alter table public.nothing enable always trigger "~~changeover_2e1cfa82_1_new_insert";
create trigger "~~changeover_2e1cfa82_1_new_update" before update of b on public.nothing
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_2e1cfa82_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('empty', 'new', 'changeover.seen_2e1cfa82_new', '60');
alter table public.nothing enable always trigger "~~changeover_2e1cfa82_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('empty', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table public.nothing add constraint changeover_nothing_a_not_null check (b is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table public.nothing add constraint changeover_nothing_a_not_null not null b not valid;

-- step add-nothing-a-check: twin of nothing_a_check
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.nothing add constraint changeover_nothing_a_check check ((b > 0)) not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_2e1cfa82_2_sync_insert" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_2_sync_update" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_1_old_insert" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_1_old_update" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_1_new_insert" on public.nothing;
drop trigger if exists "~~changeover_2e1cfa82_1_new_update" on public.nothing;
drop function if exists changeover.sync_2e1cfa82();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'empty';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.nothing drop column if exists b;

-- step add-column: like a
--   lock     ACCESS EXCLUSIVE on public.nothing
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.nothing add column b integer;
