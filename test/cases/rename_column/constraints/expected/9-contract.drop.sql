-- changeover revision f43ac49ade31
-- parent              8bd8f77f8c3f
-- plan                constraints
-- name                drop
-- change              rename_column app.orders.customer to customer_id
-- title               drop customer; its twins take its names
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.orders (customer)
-- scope added         customer_id
-- expects             column customer 4ec341b2ded4
-- expects             constraint orders_both 9715193248e9
-- expects             constraint orders_customer_once c0666277770b
-- expects             constraint orders_customer_positive 49cca8bfaf34
-- expects             constraint orders_old 39160d7e7d56
-- expects             index orders_customer_once 2f685972b7c2
-- expects             table app.orders 85728e9fabe4
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- gate                functions app.orders.customer
-- deploy old          no: column customer is gone
-- deploy new          yes: the change is complete
-- irreversible        column customer was dropped; rename customer_id back with a new plan

-- upgrade

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

-- step drop-column: with its indexes and constraints
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders drop column customer;

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.orders alter column customer_id set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.orders drop constraint if exists changeover_orders_customer_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.orders rename constraint changeover_orders_customer_not_null to orders_customer_not_null;

-- step take-names: what was the old column's is the new one's
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders add constraint orders_customer_once unique using index changeover_orders_customer_once;
alter table app.orders rename constraint changeover_orders_both to orders_both;
alter table app.orders rename constraint changeover_orders_customer_positive to orders_customer_positive;
alter table app.orders rename constraint changeover_orders_old to orders_old;
alter table app.orders rename constraint changeover_orders_customer_fk to orders_customer_fk;
alter table app.orders rename constraint changeover_orders_region_fk to orders_region_fk;
comment on constraint orders_both on app.orders is 'either';

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'constraints';

-- downgrade
