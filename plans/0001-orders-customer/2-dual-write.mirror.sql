-- changeover revision 900107e8d8fc
-- parent              52a36a4b8442
-- plan                orders-customer
-- name                mirror
-- change              rename_column shop.orders.user_id to customer_id
-- title               keep user_id and customer_id in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               shop.orders (user_id)
-- scope added         customer_id
-- expects             column user_id 6bdc8b342126
-- expects             constraint orders_user_id_fkey 42b31b53a77f
-- expects             index orders_open_idx f5e659a7c3fa
-- expects             index orders_user_id_created_at_idx bece5c59a313
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- undo gate           idle new for 0s
-- undo gate           functions shop.orders.customer_id
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_a97b8f04() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.customer_id is not null then
      new.user_id := new.customer_id;
    else
      new.customer_id := new.user_id;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.customer_id is distinct from old.customer_id
     and not (new.user_id is distinct from old.user_id
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.user_id := new.customer_id;
  elsif new.user_id is distinct from old.user_id or new.customer_id is null then
    new.customer_id := new.user_id;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_a97b8f04_2_sync_insert" before insert on shop.orders
  for each row when (new.user_id is distinct from new.customer_id) execute function changeover.sync_a97b8f04();
create trigger "~~changeover_a97b8f04_2_sync_update" before update on shop.orders
  for each row when (new.user_id is distinct from new.customer_id) execute function changeover.sync_a97b8f04();
alter table shop.orders enable always trigger "~~changeover_a97b8f04_2_sync_insert";
alter table shop.orders enable always trigger "~~changeover_a97b8f04_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_a97b8f04_1_old_insert" before insert on shop.orders
  for each row when (new.user_id is not null and new.customer_id is null and current_setting('changeover.seen_a97b8f04_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('orders-customer', 'old', 'changeover.seen_a97b8f04_old', '10');
alter table shop.orders enable always trigger "~~changeover_a97b8f04_1_old_insert";
create trigger "~~changeover_a97b8f04_1_old_update" before update of user_id on shop.orders
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_a97b8f04_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('orders-customer', 'old', 'changeover.seen_a97b8f04_old', '10');
alter table shop.orders enable always trigger "~~changeover_a97b8f04_1_old_update";
create trigger "~~changeover_a97b8f04_1_new_insert" before insert on shop.orders
  for each row when (new.customer_id is not null and current_setting('changeover.seen_a97b8f04_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('orders-customer', 'new', 'changeover.seen_a97b8f04_new', '60');
alter table shop.orders enable always trigger "~~changeover_a97b8f04_1_new_insert";
create trigger "~~changeover_a97b8f04_1_new_update" before update of customer_id on shop.orders
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_a97b8f04_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('orders-customer', 'new', 'changeover.seen_a97b8f04_new', '60');
alter table shop.orders enable always trigger "~~changeover_a97b8f04_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('orders-customer', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table shop.orders add constraint changeover_orders_user_id_not_null check (customer_id is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table shop.orders add constraint changeover_orders_user_id_not_null not null customer_id not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_a97b8f04_2_sync_insert" on shop.orders;
drop trigger if exists "~~changeover_a97b8f04_2_sync_update" on shop.orders;
drop trigger if exists "~~changeover_a97b8f04_1_old_insert" on shop.orders;
drop trigger if exists "~~changeover_a97b8f04_1_old_update" on shop.orders;
drop trigger if exists "~~changeover_a97b8f04_1_new_insert" on shop.orders;
drop trigger if exists "~~changeover_a97b8f04_1_new_update" on shop.orders;
drop function if exists changeover.sync_a97b8f04();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'orders-customer';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders drop column if exists customer_id;

-- step add-column: like user_id
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders add column customer_id bigint;

-- step column-attributes: storage, statistics, comment and grants as the old column's
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
comment on column shop.orders.customer_id is 'who pays';
