-- changeover revision 574f74eb5da3
-- parent              718088877d2d
-- plan                foreign-keys
-- name                mirror
-- change              rename_column app.notes.owner to user_id
-- title               keep owner and user_id in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.notes (owner)
-- scope added         user_id
-- expects             column owner 12fbaa604379
-- expects             constraint "Notes' owner" cd8a085af75b
-- expects             constraint notes_owner f7bb07a46bb2
-- expects             constraint notes_owner_kind 522514ce6651
-- expects             constraint notes_unchecked 1c10ceaa0313
-- expects             table app.notes 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.notes.user_id
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_cf1e509a() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.user_id is not null then
      new.owner := new.user_id;
    else
      new.user_id := new.owner;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.user_id is distinct from old.user_id
     and not (new.owner is distinct from old.owner
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.owner := new.user_id;
  elsif new.owner is distinct from old.owner or new.user_id is null then
    new.user_id := new.owner;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_cf1e509a_2_sync_insert" before insert on app.notes
  for each row when (new.owner is distinct from new.user_id) execute function changeover.sync_cf1e509a();
create trigger "~~changeover_cf1e509a_2_sync_update" before update on app.notes
  for each row when (new.owner is distinct from new.user_id) execute function changeover.sync_cf1e509a();
alter table app.notes enable always trigger "~~changeover_cf1e509a_2_sync_insert";
alter table app.notes enable always trigger "~~changeover_cf1e509a_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_cf1e509a_1_old_insert" before insert on app.notes
  for each row when (new.owner is not null and new.user_id is null and current_setting('changeover.seen_cf1e509a_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('foreign-keys', 'old', 'changeover.seen_cf1e509a_old', '10');
alter table app.notes enable always trigger "~~changeover_cf1e509a_1_old_insert";
create trigger "~~changeover_cf1e509a_1_old_update" before update of owner on app.notes
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_cf1e509a_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('foreign-keys', 'old', 'changeover.seen_cf1e509a_old', '10');
alter table app.notes enable always trigger "~~changeover_cf1e509a_1_old_update";
create trigger "~~changeover_cf1e509a_1_new_insert" before insert on app.notes
  for each row when (new.user_id is not null and current_setting('changeover.seen_cf1e509a_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('foreign-keys', 'new', 'changeover.seen_cf1e509a_new', '60');
alter table app.notes enable always trigger "~~changeover_cf1e509a_1_new_insert";
create trigger "~~changeover_cf1e509a_1_new_update" before update of user_id on app.notes
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_cf1e509a_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('foreign-keys', 'new', 'changeover.seen_cf1e509a_new', '60');
alter table app.notes enable always trigger "~~changeover_cf1e509a_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('foreign-keys', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.notes add constraint changeover_notes_owner_not_null check (user_id is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.notes add constraint changeover_notes_owner_not_null not null user_id not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_cf1e509a_2_sync_insert" on app.notes;
drop trigger if exists "~~changeover_cf1e509a_2_sync_update" on app.notes;
drop trigger if exists "~~changeover_cf1e509a_1_old_insert" on app.notes;
drop trigger if exists "~~changeover_cf1e509a_1_old_update" on app.notes;
drop trigger if exists "~~changeover_cf1e509a_1_new_insert" on app.notes;
drop trigger if exists "~~changeover_cf1e509a_1_new_update" on app.notes;
drop function if exists changeover.sync_cf1e509a();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'foreign-keys';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.notes drop column if exists user_id;

-- step add-column: like owner
--   lock     ACCESS EXCLUSIVE on app.notes
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.notes add column user_id bigint;
