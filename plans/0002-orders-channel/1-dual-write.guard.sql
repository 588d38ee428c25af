-- changeover revision b23ed6d103da
-- parent              900107e8d8fc
-- plan                orders-channel
-- name                guard
-- change              set_not_null shop.orders.channel, NULLs become 'web'
-- title               fill channel for writers that send NULL, refuse NULL otherwise
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               shop.orders (channel)
-- scope not null      channel
-- expects             column channel 4eff35d3cbe7
-- expects             table shop.orders 85728e9fabe4
-- expects             trigger touch 4f44a292bc28
-- deploy old          yes: a NULL that it sends is filled
-- deploy new          yes: it never sends NULL

-- upgrade

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_33a2747e() returns trigger language plpgsql as $$
begin
  new.channel := ('web');
  return new;
end
$$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_33a2747e_2_sync_insert" before insert or update on shop.orders
  for each row when (new.channel is null) execute function changeover.sync_33a2747e();
alter table shop.orders enable always trigger "~~changeover_33a2747e_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_33a2747e_1_old_insert" before insert on shop.orders
  for each row when (new.channel is null and current_setting('changeover.seen_33a2747e_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('orders-channel', 'old', 'changeover.seen_33a2747e_old', '10');
alter table shop.orders enable always trigger "~~changeover_33a2747e_1_old_insert";
create trigger "~~changeover_33a2747e_1_old_update" before update of channel on shop.orders
  for each row when (new.channel is null and current_setting('changeover.seen_33a2747e_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('orders-channel', 'old', 'changeover.seen_33a2747e_old', '10');
alter table shop.orders enable always trigger "~~changeover_33a2747e_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('orders-channel', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table shop.orders add constraint changeover_orders_channel_not_null check (channel is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table shop.orders add constraint changeover_orders_channel_not_null not null channel not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_33a2747e_2_sync_insert" on shop.orders;
drop trigger if exists "~~changeover_33a2747e_1_old_insert" on shop.orders;
drop trigger if exists "~~changeover_33a2747e_1_old_update" on shop.orders;
drop function if exists changeover.sync_33a2747e();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'orders-channel';

-- step drop-not-null-constraint
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table shop.orders drop constraint if exists changeover_orders_channel_not_null;

-- step drop-not-null: where it was set already
--   lock     ACCESS EXCLUSIVE on shop.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table shop.orders alter column channel drop not null;
