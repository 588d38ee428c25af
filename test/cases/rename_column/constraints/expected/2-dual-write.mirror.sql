-- changeover revision ffee00b04039
-- parent              3a9e8a7957d9
-- plan                constraints
-- name                mirror
-- change              rename_column app.orders.customer to customer_id
-- title               keep customer and customer_id in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.orders (customer)
-- scope added         customer_id
-- expects             column customer 4ec341b2ded4
-- expects             constraint orders_both 9715193248e9
-- expects             constraint orders_customer_fk 5d4c9e3b9268
-- expects             constraint orders_customer_once c0666277770b
-- expects             constraint orders_customer_positive 49cca8bfaf34
-- expects             constraint orders_old 39160d7e7d56
-- expects             constraint orders_region_fk 1dc13839c732
-- expects             index orders_customer_once 2f685972b7c2
-- expects             table app.orders 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.orders.customer_id
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_e225063b() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.customer_id is not null then
      new.customer := new.customer_id;
    else
      new.customer_id := new.customer;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.customer_id is distinct from old.customer_id
     and not (new.customer is distinct from old.customer
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.customer := new.customer_id;
  elsif new.customer is distinct from old.customer or new.customer_id is null then
    new.customer_id := new.customer;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_e225063b_2_sync_insert" before insert on app.orders
  for each row when (new.customer is distinct from new.customer_id) execute function changeover.sync_e225063b();
create trigger "~~changeover_e225063b_2_sync_update" before update on app.orders
  for each row when (new.customer is distinct from new.customer_id) execute function changeover.sync_e225063b();
alter table app.orders enable always trigger "~~changeover_e225063b_2_sync_insert";
alter table app.orders enable always trigger "~~changeover_e225063b_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_e225063b_1_old_insert" before insert on app.orders
  for each row when (new.customer is not null and new.customer_id is null and current_setting('changeover.seen_e225063b_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('constraints', 'old', 'changeover.seen_e225063b_old', '10');
alter table app.orders enable always trigger "~~changeover_e225063b_1_old_insert";
create trigger "~~changeover_e225063b_1_old_update" before update of customer on app.orders
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_e225063b_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('constraints', 'old', 'changeover.seen_e225063b_old', '10');
alter table app.orders enable always trigger "~~changeover_e225063b_1_old_update";
create trigger "~~changeover_e225063b_1_new_insert" before insert on app.orders
  for each row when (new.customer_id is not null and current_setting('changeover.seen_e225063b_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('constraints', 'new', 'changeover.seen_e225063b_new', '60');
alter table app.orders enable always trigger "~~changeover_e225063b_1_new_insert";
create trigger "~~changeover_e225063b_1_new_update" before update of customer_id on app.orders
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_e225063b_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('constraints', 'new', 'changeover.seen_e225063b_new', '60');
alter table app.orders enable always trigger "~~changeover_e225063b_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('constraints', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.orders add constraint changeover_orders_customer_not_null check (customer_id is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.orders add constraint changeover_orders_customer_not_null not null customer_id not valid;

-- step add-orders-both: twin of orders_both
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add constraint changeover_orders_both check (((customer_id > 0) OR (region IS NULL))) no inherit not valid;

-- step add-orders-customer-positive: twin of orders_customer_positive
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add constraint changeover_orders_customer_positive check ((customer_id > 0)) not valid;

-- step add-orders-old: twin of orders_old
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add constraint changeover_orders_old check ((customer_id <> 666)) not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_e225063b_2_sync_insert" on app.orders;
drop trigger if exists "~~changeover_e225063b_2_sync_update" on app.orders;
drop trigger if exists "~~changeover_e225063b_1_old_insert" on app.orders;
drop trigger if exists "~~changeover_e225063b_1_old_update" on app.orders;
drop trigger if exists "~~changeover_e225063b_1_new_insert" on app.orders;
drop trigger if exists "~~changeover_e225063b_1_new_update" on app.orders;
drop function if exists changeover.sync_e225063b();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'constraints';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column if exists customer_id;

-- step add-column: like customer
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add column customer_id bigint;
