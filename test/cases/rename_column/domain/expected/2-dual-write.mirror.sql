-- changeover revision 981a4eb3821d
-- parent              c5a9c3521f6b
-- plan                domain
-- name                mirror
-- change              rename_column app.items.price to net_price
-- title               keep price and net_price in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.items (price)
-- scope added         net_price
-- expects             column price a7130e7492ba
-- expects             index items_price_idx 55f9bafd2eba
-- expects             table app.items 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.items.net_price
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_f2ff8386() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.net_price is not null then
      new.price := new.net_price;
    else
      new.net_price := new.price;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if pg_catalog.record_image_ne(row(new.net_price), row(old.net_price))
     and not (pg_catalog.record_image_ne(row(new.price), row(old.price))
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.price := new.net_price;
  elsif pg_catalog.record_image_ne(row(new.price), row(old.price)) or new.net_price is null then
    new.net_price := new.price;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_f2ff8386_2_sync_insert" before insert on app.items
  for each row when (pg_catalog.record_image_ne(row(new.price), row(new.net_price))) execute function changeover.sync_f2ff8386();
create trigger "~~changeover_f2ff8386_2_sync_update" before update on app.items
  for each row when (pg_catalog.record_image_ne(row(new.price), row(new.net_price))) execute function changeover.sync_f2ff8386();
alter table app.items enable always trigger "~~changeover_f2ff8386_2_sync_insert";
alter table app.items enable always trigger "~~changeover_f2ff8386_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_f2ff8386_1_old_insert" before insert on app.items
  for each row when (new.price is not null and new.net_price is null and current_setting('changeover.seen_f2ff8386_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('domain', 'old', 'changeover.seen_f2ff8386_old', '10');
alter table app.items enable always trigger "~~changeover_f2ff8386_1_old_insert";
create trigger "~~changeover_f2ff8386_1_old_update" before update of price on app.items
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_f2ff8386_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('domain', 'old', 'changeover.seen_f2ff8386_old', '10');
alter table app.items enable always trigger "~~changeover_f2ff8386_1_old_update";
create trigger "~~changeover_f2ff8386_1_new_insert" before insert on app.items
  for each row when (new.net_price is not null and current_setting('changeover.seen_f2ff8386_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('domain', 'new', 'changeover.seen_f2ff8386_new', '60');
alter table app.items enable always trigger "~~changeover_f2ff8386_1_new_insert";
create trigger "~~changeover_f2ff8386_1_new_update" before update of net_price on app.items
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_f2ff8386_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('domain', 'new', 'changeover.seen_f2ff8386_new', '60');
alter table app.items enable always trigger "~~changeover_f2ff8386_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('domain', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.items add constraint changeover_items_price_not_null check (net_price is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.items add constraint changeover_items_price_not_null not null net_price not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_f2ff8386_2_sync_insert" on app.items;
drop trigger if exists "~~changeover_f2ff8386_2_sync_update" on app.items;
drop trigger if exists "~~changeover_f2ff8386_1_old_insert" on app.items;
drop trigger if exists "~~changeover_f2ff8386_1_old_update" on app.items;
drop trigger if exists "~~changeover_f2ff8386_1_new_insert" on app.items;
drop trigger if exists "~~changeover_f2ff8386_1_new_update" on app.items;
drop function if exists changeover.sync_f2ff8386();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'domain';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.items drop column if exists net_price;

-- step add-column: like price
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.items add column net_price app.price;
