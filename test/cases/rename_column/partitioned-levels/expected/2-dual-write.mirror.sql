-- changeover revision 8546bb8e3dc7
-- parent              bbd42bc8c07a
-- plan                partitioned-levels
-- name                mirror
-- change              rename_column app.t.email to mail
-- title               keep email and mail in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.t (email)
-- scope added         mail
-- expects             column email 2331e884d737
-- expects             constraint t_once 5f23e8dec668
-- expects             index t_email_idx 79ecc23bc0bf
-- expects             index t_once 1c08b7d0b833
-- expects             table app.t 5b7b0a57c90b
-- undo gate           idle new for 0s
-- undo gate           functions app.t.mail
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_c68a45d3() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.mail is not null then
      new.email := new.mail;
    else
      new.mail := new.email;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.mail is distinct from old.mail
     and not (new.email is distinct from old.email
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.email := new.mail;
  elsif new.email is distinct from old.email or new.mail is null then
    new.mail := new.email;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_c68a45d3_2_sync_insert" before insert on app.t
  for each row when (new.email is distinct from new.mail) execute function changeover.sync_c68a45d3();
create trigger "~~changeover_c68a45d3_2_sync_update" before update on app.t
  for each row when (new.email is distinct from new.mail) execute function changeover.sync_c68a45d3();
alter table app.t enable always trigger "~~changeover_c68a45d3_2_sync_insert";
alter table app.t enable always trigger "~~changeover_c68a45d3_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_c68a45d3_1_old_insert" before insert on app.t
  for each row when (new.email is not null and new.mail is null and current_setting('changeover.seen_c68a45d3_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('partitioned-levels', 'old', 'changeover.seen_c68a45d3_old', '10');
alter table app.t enable always trigger "~~changeover_c68a45d3_1_old_insert";
create trigger "~~changeover_c68a45d3_1_old_update" before update of email on app.t
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_c68a45d3_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('partitioned-levels', 'old', 'changeover.seen_c68a45d3_old', '10');
alter table app.t enable always trigger "~~changeover_c68a45d3_1_old_update";
create trigger "~~changeover_c68a45d3_1_new_insert" before insert on app.t
  for each row when (new.mail is not null and current_setting('changeover.seen_c68a45d3_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('partitioned-levels', 'new', 'changeover.seen_c68a45d3_new', '60');
alter table app.t enable always trigger "~~changeover_c68a45d3_1_new_insert";
create trigger "~~changeover_c68a45d3_1_new_update" before update of mail on app.t
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_c68a45d3_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('partitioned-levels', 'new', 'changeover.seen_c68a45d3_new', '60');
alter table app.t enable always trigger "~~changeover_c68a45d3_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('partitioned-levels', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_c68a45d3_2_sync_insert" on app.t;
drop trigger if exists "~~changeover_c68a45d3_2_sync_update" on app.t;
drop trigger if exists "~~changeover_c68a45d3_1_old_insert" on app.t;
drop trigger if exists "~~changeover_c68a45d3_1_old_update" on app.t;
drop trigger if exists "~~changeover_c68a45d3_1_new_insert" on app.t;
drop trigger if exists "~~changeover_c68a45d3_1_new_update" on app.t;
drop function if exists changeover.sync_c68a45d3();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'partitioned-levels';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.t drop column if exists mail;

-- step add-column: like email
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.t add column mail text;
