-- changeover revision ada0fe02cf76
-- parent              5d61c8e25ed0
-- plan                partitioned
-- name                mirror
-- change              rename_column app.orders.total to amount
-- title               keep total and amount in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.orders (total)
-- scope added         amount
-- expects             column total 43aa6624a39f
-- expects             constraint orders_total_check a66b6671d3e0
-- expects             constraint orders_total_key cb8693206ac0
-- expects             index orders_by_day 0242fbae73bf
-- expects             index orders_total_idx 63aa9636c58c
-- expects             index orders_total_key 2714a7d38da8
-- expects             table app.orders 500cc083dca4
-- undo gate           idle new for 0s
-- undo gate           functions app.orders.amount
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_96ff3f2b() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.amount is not null then
      new.total := new.amount;
    else
      new.amount := new.total;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.amount is distinct from old.amount
     and not (new.total is distinct from old.total
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.total := new.amount;
  elsif new.total is distinct from old.total or new.amount is null then
    new.amount := new.total;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_96ff3f2b_2_sync_insert" before insert on app.orders
  for each row when (new.total is distinct from new.amount) execute function changeover.sync_96ff3f2b();
create trigger "~~changeover_96ff3f2b_2_sync_update" before update on app.orders
  for each row when (new.total is distinct from new.amount) execute function changeover.sync_96ff3f2b();
alter table app.orders enable always trigger "~~changeover_96ff3f2b_2_sync_insert";
alter table app.orders enable always trigger "~~changeover_96ff3f2b_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_96ff3f2b_1_old_insert" before insert on app.orders
  for each row when (new.total is not null and new.amount is null and current_setting('changeover.seen_96ff3f2b_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('partitioned', 'old', 'changeover.seen_96ff3f2b_old', '10');
alter table app.orders enable always trigger "~~changeover_96ff3f2b_1_old_insert";
create trigger "~~changeover_96ff3f2b_1_old_update" before update of total on app.orders
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_96ff3f2b_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('partitioned', 'old', 'changeover.seen_96ff3f2b_old', '10');
alter table app.orders enable always trigger "~~changeover_96ff3f2b_1_old_update";
create trigger "~~changeover_96ff3f2b_1_new_insert" before insert on app.orders
  for each row when (new.amount is not null and current_setting('changeover.seen_96ff3f2b_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('partitioned', 'new', 'changeover.seen_96ff3f2b_new', '60');
alter table app.orders enable always trigger "~~changeover_96ff3f2b_1_new_insert";
create trigger "~~changeover_96ff3f2b_1_new_update" before update of amount on app.orders
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_96ff3f2b_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('partitioned', 'new', 'changeover.seen_96ff3f2b_new', '60');
alter table app.orders enable always trigger "~~changeover_96ff3f2b_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('partitioned', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.orders add constraint changeover_orders_total_not_null check (amount is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.orders add constraint changeover_orders_total_not_null not null amount not valid;

-- step add-orders-total-check: twin of orders_total_check
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add constraint changeover_orders_total_check check ((amount >= 0)) not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_96ff3f2b_2_sync_insert" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_2_sync_update" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_1_old_insert" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_1_old_update" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_1_new_insert" on app.orders;
drop trigger if exists "~~changeover_96ff3f2b_1_new_update" on app.orders;
drop function if exists changeover.sync_96ff3f2b();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'partitioned';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column if exists amount;

-- step add-column: like total
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add column amount integer;
