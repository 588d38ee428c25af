-- changeover revision 807a9b1bd4a0
-- parent              fe4e2c6cbcd6
-- plan                domain
-- name                drop
-- change              rename_column app.items.price to net_price
-- title               drop price; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.items (price)
-- scope added         net_price
-- expects             column price a7130e7492ba
-- expects             index items_price_idx 55f9bafd2eba
-- expects             table app.items 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.items.price
-- deploy old          no: column price is gone
-- deploy new          yes: the change is complete
-- irreversible        column price was dropped; rename net_price back with a new plan

-- upgrade

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

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.items drop column price;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.items alter column net_price set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.items drop constraint if exists changeover_items_price_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.items rename constraint changeover_items_price_not_null to items_price_not_null;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.items
--   timeout  lock 2s, statement 10s
--   work     catalog
alter index app.changeover_items_price_idx rename to items_price_idx;
alter table app.items alter column net_price set default nextval('app.prices'::regclass);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'domain';

-- downgrade
