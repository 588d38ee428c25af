-- changeover revision aa636b723277
-- parent              5d7d22f97bd5
-- plan                user-triggers
-- name                mirror
-- change              rename_column public.docs.body to content
-- title               keep body and content in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.docs (body)
-- scope added         content
-- expects             column body 4eff35d3cbe7
-- expects             table public.docs 85728e9fabe4
-- expects             trigger touch bdb2145e3890
-- undo gate           idle new for 0s
-- undo gate           functions public.docs.content
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_6a5b7843() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.content is not null then
      new.body := new.content;
    else
      new.content := new.body;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.content is distinct from old.content
     and not (new.body is distinct from old.body
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.body := new.content;
  elsif new.body is distinct from old.body or new.content is null then
    new.content := new.body;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_6a5b7843_2_sync_insert" before insert on public.docs
  for each row when (new.body is distinct from new.content) execute function changeover.sync_6a5b7843();
create trigger "~~changeover_6a5b7843_2_sync_update" before update on public.docs
  for each row when (new.body is distinct from new.content) execute function changeover.sync_6a5b7843();
alter table public.docs enable always trigger "~~changeover_6a5b7843_2_sync_insert";
alter table public.docs enable always trigger "~~changeover_6a5b7843_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_6a5b7843_1_old_insert" before insert on public.docs
  for each row when (new.body is not null and new.content is null and current_setting('changeover.seen_6a5b7843_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('user-triggers', 'old', 'changeover.seen_6a5b7843_old', '10');
alter table public.docs enable always trigger "~~changeover_6a5b7843_1_old_insert";
create trigger "~~changeover_6a5b7843_1_old_update" before update of body on public.docs
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_6a5b7843_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('user-triggers', 'old', 'changeover.seen_6a5b7843_old', '10');
alter table public.docs enable always trigger "~~changeover_6a5b7843_1_old_update";
create trigger "~~changeover_6a5b7843_1_new_insert" before insert on public.docs
  for each row when (new.content is not null and current_setting('changeover.seen_6a5b7843_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('user-triggers', 'new', 'changeover.seen_6a5b7843_new', '60');
alter table public.docs enable always trigger "~~changeover_6a5b7843_1_new_insert";
create trigger "~~changeover_6a5b7843_1_new_update" before update of content on public.docs
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_6a5b7843_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('user-triggers', 'new', 'changeover.seen_6a5b7843_new', '60');
alter table public.docs enable always trigger "~~changeover_6a5b7843_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('user-triggers', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_6a5b7843_2_sync_insert" on public.docs;
drop trigger if exists "~~changeover_6a5b7843_2_sync_update" on public.docs;
drop trigger if exists "~~changeover_6a5b7843_1_old_insert" on public.docs;
drop trigger if exists "~~changeover_6a5b7843_1_old_update" on public.docs;
drop trigger if exists "~~changeover_6a5b7843_1_new_insert" on public.docs;
drop trigger if exists "~~changeover_6a5b7843_1_new_update" on public.docs;
drop function if exists changeover.sync_6a5b7843();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'user-triggers';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs drop column if exists content;

-- step add-column: like body
--   lock     ACCESS EXCLUSIVE on public.docs
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.docs add column content text;
