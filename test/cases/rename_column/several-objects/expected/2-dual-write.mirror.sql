-- changeover revision 5e5a4c80bbd0
-- parent              782b235d4570
-- plan                several-objects
-- name                mirror
-- change              rename_column app.stock.code to article
-- title               keep code and article in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.stock (code)
-- scope added         article
-- expects             column code 198e9d53d20f
-- expects             constraint "Stock \"code\" starts" b551a207ee9a
-- expects             constraint stock_amount_once 6ad490d53b75
-- expects             constraint stock_code_once e564b0a02e1a
-- expects             constraint stock_code_only 58f01f463e9a
-- expects             constraint stock_code_region c4cc1aa14b4c
-- expects             constraint stock_not_zero 27ee882de414
-- expects             constraint stock_region_code 25fc69935794
-- expects             index stock_amount_once d6072817d23f
-- expects             index stock_code_once a16f9075cb31
-- expects             index stock_open 5253d2ab6a60
-- expects             index stock_own b23c07e2c16d
-- expects             index stock_twice 96e0f7fcc704
-- expects             index stock_wide 5e3ad23303d8
-- expects             table app.stock 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.stock.article
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_4f6abf4e() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.article is not null then
      new.code := new.article;
    else
      new.article := new.code;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.article is distinct from old.article
     and not (new.code is distinct from old.code
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.code := new.article;
  elsif new.code is distinct from old.code or new.article is null then
    new.article := new.code;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_4f6abf4e_2_sync_insert" before insert on app.stock
  for each row when (new.code is distinct from new.article) execute function changeover.sync_4f6abf4e();
create trigger "~~changeover_4f6abf4e_2_sync_update" before update on app.stock
  for each row when (new.code is distinct from new.article) execute function changeover.sync_4f6abf4e();
alter table app.stock enable always trigger "~~changeover_4f6abf4e_2_sync_insert";
alter table app.stock enable always trigger "~~changeover_4f6abf4e_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_4f6abf4e_1_old_insert" before insert on app.stock
  for each row when (new.code is not null and new.article is null and current_setting('changeover.seen_4f6abf4e_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('several-objects', 'old', 'changeover.seen_4f6abf4e_old', '10');
alter table app.stock enable always trigger "~~changeover_4f6abf4e_1_old_insert";
create trigger "~~changeover_4f6abf4e_1_old_update" before update of code on app.stock
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_4f6abf4e_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('several-objects', 'old', 'changeover.seen_4f6abf4e_old', '10');
alter table app.stock enable always trigger "~~changeover_4f6abf4e_1_old_update";
create trigger "~~changeover_4f6abf4e_1_new_insert" before insert on app.stock
  for each row when (new.article is not null and current_setting('changeover.seen_4f6abf4e_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('several-objects', 'new', 'changeover.seen_4f6abf4e_new', '60');
alter table app.stock enable always trigger "~~changeover_4f6abf4e_1_new_insert";
create trigger "~~changeover_4f6abf4e_1_new_update" before update of article on app.stock
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_4f6abf4e_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('several-objects', 'new', 'changeover.seen_4f6abf4e_new', '60');
alter table app.stock enable always trigger "~~changeover_4f6abf4e_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('several-objects', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.stock add constraint changeover_stock_code_not_null check (article is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.stock add constraint changeover_stock_code_not_null not null article not valid;

-- step add-stock-code-starts: twin of Stock "code" starts
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock add constraint "changeover_Stock ""code"" starts" check (((article ~ '^c\d+$'::text) OR (article = 'code'::text))) not valid;

-- step add-stock-code-region: twin of stock_code_region
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock add constraint changeover_stock_code_region check ((((length(article) + region) < 50) AND (article <> 'it''s "code" -- code'::text))) not valid;

-- step add-stock-not-zero: twin of stock_not_zero
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock add constraint changeover_stock_not_zero check (((NOT (article OPERATOR(app.===) 'ZERO'::text)) AND (app.shout(article) <> 'NOUGHT'::text))) not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_4f6abf4e_2_sync_insert" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_2_sync_update" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_1_old_insert" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_1_old_update" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_1_new_insert" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_1_new_update" on app.stock;
drop function if exists changeover.sync_4f6abf4e();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'several-objects';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock drop column if exists article;

-- step add-column: like code
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock add column article text collate pg_catalog."C";

-- step column-attributes: storage, statistics, comment and grants as the old column's
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock alter column article set statistics 42;
comment on column app.stock.article is 'the code''s comment';
grant insert (article) on app.stock to case_reader;
grant select (article) on app.stock to case_reader;
grant update (article) on app.stock to case_writer with grant option;
