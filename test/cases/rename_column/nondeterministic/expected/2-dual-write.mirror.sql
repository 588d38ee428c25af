-- changeover revision da20f5af3381
-- parent              209bc05b5993
-- plan                nondeterministic
-- name                mirror
-- change              rename_column app.tags.tag to keyword
-- title               keep tag and keyword in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.tags (tag)
-- scope added         keyword
-- expects             column tag f94d604e8660
-- expects             index tags_c 5943f548829e
-- expects             index tags_tag e009a5d6746f
-- expects             table app.tags 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.tags.keyword
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_4508936d() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.keyword is not null then
      new.tag := new.keyword;
    else
      new.keyword := new.tag;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if pg_catalog.record_image_ne(row(new.keyword), row(old.keyword))
     and not (pg_catalog.record_image_ne(row(new.tag), row(old.tag))
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.tag := new.keyword;
  elsif pg_catalog.record_image_ne(row(new.tag), row(old.tag)) or new.keyword is null then
    new.keyword := new.tag;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.tags
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_4508936d_2_sync_insert" before insert on app.tags
  for each row when (pg_catalog.record_image_ne(row(new.tag), row(new.keyword))) execute function changeover.sync_4508936d();
create trigger "~~changeover_4508936d_2_sync_update" before update on app.tags
  for each row when (pg_catalog.record_image_ne(row(new.tag), row(new.keyword))) execute function changeover.sync_4508936d();
alter table app.tags enable always trigger "~~changeover_4508936d_2_sync_insert";
alter table app.tags enable always trigger "~~changeover_4508936d_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.tags
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_4508936d_1_old_insert" before insert on app.tags
  for each row when (new.tag is not null and new.keyword is null and current_setting('changeover.seen_4508936d_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('nondeterministic', 'old', 'changeover.seen_4508936d_old', '10');
alter table app.tags enable always trigger "~~changeover_4508936d_1_old_insert";
create trigger "~~changeover_4508936d_1_old_update" before update of tag on app.tags
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_4508936d_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('nondeterministic', 'old', 'changeover.seen_4508936d_old', '10');
alter table app.tags enable always trigger "~~changeover_4508936d_1_old_update";
create trigger "~~changeover_4508936d_1_new_insert" before insert on app.tags
  for each row when (new.keyword is not null and current_setting('changeover.seen_4508936d_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('nondeterministic', 'new', 'changeover.seen_4508936d_new', '60');
alter table app.tags enable always trigger "~~changeover_4508936d_1_new_insert";
create trigger "~~changeover_4508936d_1_new_update" before update of keyword on app.tags
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_4508936d_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('nondeterministic', 'new', 'changeover.seen_4508936d_new', '60');
alter table app.tags enable always trigger "~~changeover_4508936d_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('nondeterministic', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.tags
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_4508936d_2_sync_insert" on app.tags;
drop trigger if exists "~~changeover_4508936d_2_sync_update" on app.tags;
drop trigger if exists "~~changeover_4508936d_1_old_insert" on app.tags;
drop trigger if exists "~~changeover_4508936d_1_old_update" on app.tags;
drop trigger if exists "~~changeover_4508936d_1_new_insert" on app.tags;
drop trigger if exists "~~changeover_4508936d_1_new_update" on app.tags;
drop function if exists changeover.sync_4508936d();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'nondeterministic';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.tags
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tags drop column if exists keyword;

-- step add-column: like tag
--   lock     ACCESS EXCLUSIVE on app.tags
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.tags add column keyword text collate app."Ignore case";
