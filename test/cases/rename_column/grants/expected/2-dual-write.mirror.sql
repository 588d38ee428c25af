-- changeover revision be7126ac306c
-- parent              4594db5253e7
-- plan                grants
-- name                mirror
-- change              rename_column app.secrets.word to phrase
-- title               keep word and phrase in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.secrets (word)
-- scope added         phrase
-- expects             column word 38d560b3da42
-- expects             table app.secrets 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.secrets.phrase
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_73e665dc() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.phrase is not null then
      new.word := new.phrase;
    else
      new.phrase := new.word;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.phrase is distinct from old.phrase
     and not (new.word is distinct from old.word
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.word := new.phrase;
  elsif new.word is distinct from old.word or new.phrase is null then
    new.phrase := new.word;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.secrets
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_73e665dc_2_sync_insert" before insert on app.secrets
  for each row when (new.word is distinct from new.phrase) execute function changeover.sync_73e665dc();
create trigger "~~changeover_73e665dc_2_sync_update" before update on app.secrets
  for each row when (new.word is distinct from new.phrase) execute function changeover.sync_73e665dc();
alter table app.secrets enable always trigger "~~changeover_73e665dc_2_sync_insert";
alter table app.secrets enable always trigger "~~changeover_73e665dc_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.secrets
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_73e665dc_1_old_insert" before insert on app.secrets
  for each row when (new.word is not null and new.phrase is null and current_setting('changeover.seen_73e665dc_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('grants', 'old', 'changeover.seen_73e665dc_old', '10');
alter table app.secrets enable always trigger "~~changeover_73e665dc_1_old_insert";
create trigger "~~changeover_73e665dc_1_old_update" before update of word on app.secrets
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_73e665dc_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('grants', 'old', 'changeover.seen_73e665dc_old', '10');
alter table app.secrets enable always trigger "~~changeover_73e665dc_1_old_update";
create trigger "~~changeover_73e665dc_1_new_insert" before insert on app.secrets
  for each row when (new.phrase is not null and current_setting('changeover.seen_73e665dc_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('grants', 'new', 'changeover.seen_73e665dc_new', '60');
alter table app.secrets enable always trigger "~~changeover_73e665dc_1_new_insert";
create trigger "~~changeover_73e665dc_1_new_update" before update of phrase on app.secrets
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_73e665dc_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('grants', 'new', 'changeover.seen_73e665dc_new', '60');
alter table app.secrets enable always trigger "~~changeover_73e665dc_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('grants', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.secrets
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_73e665dc_2_sync_insert" on app.secrets;
drop trigger if exists "~~changeover_73e665dc_2_sync_update" on app.secrets;
drop trigger if exists "~~changeover_73e665dc_1_old_insert" on app.secrets;
drop trigger if exists "~~changeover_73e665dc_1_old_update" on app.secrets;
drop trigger if exists "~~changeover_73e665dc_1_new_insert" on app.secrets;
drop trigger if exists "~~changeover_73e665dc_1_new_update" on app.secrets;
drop function if exists changeover.sync_73e665dc();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'grants';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.secrets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.secrets drop column if exists phrase;

-- step add-column: like word
--   lock     ACCESS EXCLUSIVE on app.secrets
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.secrets add column phrase text;

-- step column-attributes: storage, statistics, comment and grants as the old column's
--   lock     ACCESS EXCLUSIVE on app.secrets
--   timeout  lock 2s, statement 10s
--   work     catalog
grant insert (phrase) on app.secrets to case_reader;
grant references (phrase) on app.secrets to "Case ""writer""" with grant option;
grant select (phrase) on app.secrets to "Case ""writer""" with grant option;
grant update (phrase) on app.secrets to case_reader;
