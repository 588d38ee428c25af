-- changeover revision a69f637aad7f
-- parent              122154f463f0
-- plan                several-objects
-- name                set-not-null
-- change              set_not_null app.goods.kind, NULLs become id % 7 + shop
-- title               make kind NOT NULL
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.goods (kind, id, shop)
-- scope not null      kind
-- expects             column id 43aa6624a39f
-- expects             column kind a8f95273a1cd
-- expects             column shop 43aa6624a39f
-- expects             constraint goods_kind 20556fe92d56
-- expects             constraint goods_kind_fkey cfd6ff8f6d48
-- expects             constraint goods_kind_given b1220a294d95
-- expects             constraint goods_kind_price 621d6361fb5a
-- expects             constraint goods_pkey bd95ed24542b
-- expects             index goods_expr_kind_idx 101648430fd4
-- expects             index goods_kind 559e98b886c3
-- expects             index goods_kind_idx f85ba1b26903
-- expects             index goods_pkey 517a66c9bd02
-- expects             statistics app.goods_stats 2371f5339f3e
-- expects             table app.goods 85728e9fabe4
-- expects             view app.kinds_of 6f78e2e2453f
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- gate                quiet old for 0s
-- deploy old          no: a NULL that it sends is refused
-- deploy new          yes: it never sends NULL

-- upgrade

-- step set-not-null: no scan: the validated check is the proof
--   lock     ACCESS EXCLUSIVE on app.goods
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.goods alter column kind set not null;

-- step drop-not-null-check
--   lock     ACCESS EXCLUSIVE on app.goods
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.goods drop constraint if exists changeover_goods_kind_not_null;

-- step name-not-null
--   lock     ACCESS EXCLUSIVE on app.goods
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.goods rename constraint changeover_goods_kind_not_null to goods_kind_not_null;

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.goods
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_4f6abf4e_2_sync_insert" on app.goods;
drop trigger if exists "~~changeover_4f6abf4e_1_old_insert" on app.goods;
drop trigger if exists "~~changeover_4f6abf4e_1_old_update" on app.goods;
drop function if exists changeover.sync_4f6abf4e();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'several-objects';

-- downgrade

-- step rename-constraint
--   lock     ACCESS EXCLUSIVE on app.goods
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.goods rename constraint goods_kind_not_null to changeover_goods_kind_not_null;

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.goods
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.goods add constraint changeover_goods_kind_not_null check (kind is not null) not valid;

-- step fill-function
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_4f6abf4e() returns trigger language plpgsql as $$
begin
  new.kind := (new.id % 7 + new.shop);
  return new;
end
$$;

-- step fill-trigger
--   lock     SHARE ROW EXCLUSIVE on app.goods
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_4f6abf4e_2_sync_insert" before insert or update on app.goods
  for each row when (new.kind is null) execute function changeover.sync_4f6abf4e();
alter table app.goods enable always trigger "~~changeover_4f6abf4e_2_sync_insert";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.goods
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_4f6abf4e_1_old_insert" before insert on app.goods
  for each row when (new.kind is null and current_setting('changeover.seen_4f6abf4e_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('several-objects', 'old', 'changeover.seen_4f6abf4e_old', '10');
alter table app.goods enable always trigger "~~changeover_4f6abf4e_1_old_insert";
create trigger "~~changeover_4f6abf4e_1_old_update" before update of kind on app.goods
  for each row when (new.kind is null and current_setting('changeover.seen_4f6abf4e_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('several-objects', 'old', 'changeover.seen_4f6abf4e_old', '10');
alter table app.goods enable always trigger "~~changeover_4f6abf4e_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('several-objects', 'epoch', session_user, '', 0);
