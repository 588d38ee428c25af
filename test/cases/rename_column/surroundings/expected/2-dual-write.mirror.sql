-- changeover revision 5aceaa4d6888
-- parent              e98dd3cd6ee8
-- plan                surroundings
-- name                mirror
-- change              rename_column app.accounts.balance to cents
-- title               keep balance and cents in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.accounts (balance)
-- scope added         cents
-- expects             column balance 43aa6624a39f
-- expects             table app.accounts 05b19abbc2ab
-- expects             trigger watch 67ae9c0750e2
-- undo gate           idle new for 0s
-- undo gate           functions app.accounts.cents
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_3319492f() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.cents is not null then
      new.balance := new.cents;
    else
      new.cents := new.balance;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.cents is distinct from old.cents
     and not (new.balance is distinct from old.balance
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.balance := new.cents;
  elsif new.balance is distinct from old.balance or new.cents is null then
    new.cents := new.balance;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_3319492f_2_sync_insert" before insert on app.accounts
  for each row when (new.balance is distinct from new.cents) execute function changeover.sync_3319492f();
create trigger "~~changeover_3319492f_2_sync_update" before update on app.accounts
  for each row when (new.balance is distinct from new.cents) execute function changeover.sync_3319492f();
alter table app.accounts enable always trigger "~~changeover_3319492f_2_sync_insert";
alter table app.accounts enable always trigger "~~changeover_3319492f_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_3319492f_1_old_insert" before insert on app.accounts
  for each row when (new.balance is not null and new.cents is null and current_setting('changeover.seen_3319492f_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('surroundings', 'old', 'changeover.seen_3319492f_old', '10');
alter table app.accounts enable always trigger "~~changeover_3319492f_1_old_insert";
create trigger "~~changeover_3319492f_1_old_update" before update of balance on app.accounts
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_3319492f_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('surroundings', 'old', 'changeover.seen_3319492f_old', '10');
alter table app.accounts enable always trigger "~~changeover_3319492f_1_old_update";
create trigger "~~changeover_3319492f_1_new_insert" before insert on app.accounts
  for each row when (new.cents is not null and current_setting('changeover.seen_3319492f_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('surroundings', 'new', 'changeover.seen_3319492f_new', '60');
alter table app.accounts enable always trigger "~~changeover_3319492f_1_new_insert";
create trigger "~~changeover_3319492f_1_new_update" before update of cents on app.accounts
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_3319492f_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('surroundings', 'new', 'changeover.seen_3319492f_new', '60');
alter table app.accounts enable always trigger "~~changeover_3319492f_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('surroundings', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.accounts add constraint changeover_accounts_balance_not_null check (cents is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.accounts add constraint changeover_accounts_balance_not_null not null cents not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_3319492f_2_sync_insert" on app.accounts;
drop trigger if exists "~~changeover_3319492f_2_sync_update" on app.accounts;
drop trigger if exists "~~changeover_3319492f_1_old_insert" on app.accounts;
drop trigger if exists "~~changeover_3319492f_1_old_update" on app.accounts;
drop trigger if exists "~~changeover_3319492f_1_new_insert" on app.accounts;
drop trigger if exists "~~changeover_3319492f_1_new_update" on app.accounts;
drop function if exists changeover.sync_3319492f();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'surroundings';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.accounts drop column if exists cents;

-- step add-column: like balance
--   lock     ACCESS EXCLUSIVE on app.accounts
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.accounts add column cents integer;
