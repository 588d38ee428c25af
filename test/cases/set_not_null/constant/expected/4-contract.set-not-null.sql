-- changeover revision f1af91bd926d
-- parent              9c826bab2f79
-- plan                constant
-- name                set-not-null
-- change              set_not_null app.orders.channel, NULLs become 'web'
-- title               make channel NOT NULL
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.orders (channel)
-- scope not null      channel
-- expects             column channel 4eff35d3cbe7
-- expects             index orders_channel_idx eeaf558813b7
-- expects             table app.orders 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.orders alter column channel set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.orders drop constraint if exists changeover_orders_channel_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.orders rename constraint changeover_orders_channel_not_null to orders_channel_not_null;

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_96f6549c_2_sync_insert" on app.orders;
drop trigger if exists "~~changeover_96f6549c_1_old_insert" on app.orders;
drop trigger if exists "~~changeover_96f6549c_1_old_update" on app.orders;
drop function if exists changeover.sync_96f6549c();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'constant';

-- downgrade

-- step rename-constraint
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.orders rename constraint orders_channel_not_null to changeover_orders_channel_not_null;

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.orders add constraint changeover_orders_channel_not_null check (channel is not null) not valid;

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_96f6549c() returns trigger language plpgsql as $$
begin
  new.channel := ('web');
  return new;
end
$$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_96f6549c_2_sync_insert" before insert or update on app.orders
  for each row when (new.channel is null) execute function changeover.sync_96f6549c();
alter table app.orders enable always trigger "~~changeover_96f6549c_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_96f6549c_1_old_insert" before insert on app.orders
  for each row when (new.channel is null and current_setting('changeover.seen_96f6549c_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('constant', 'old', 'changeover.seen_96f6549c_old', '10');
alter table app.orders enable always trigger "~~changeover_96f6549c_1_old_insert";
create trigger "~~changeover_96f6549c_1_old_update" before update of channel on app.orders
  for each row when (new.channel is null and current_setting('changeover.seen_96f6549c_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('constant', 'old', 'changeover.seen_96f6549c_old', '10');
alter table app.orders enable always trigger "~~changeover_96f6549c_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('constant', 'epoch', session_user, '', 0);
