-- changeover revision ec5d3fe58cf3
-- parent              c2159df97388
-- plan                numeric
-- name                mirror
-- change              rename_column app.rates.rate to factor
-- title               keep rate and factor in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.rates (rate)
-- scope added         factor
-- expects             column rate be4045ba326e
-- expects             index rates_rate_idx b8357086a50c
-- expects             table app.rates 85728e9fabe4
-- undo gate           idle new for 0s
-- undo gate           functions app.rates.factor
-- deploy old          yes: what it writes is mirrored to the new column
-- deploy new          no: existing rows are not filled yet

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_15f450a5() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.factor is not null then
      new.rate := new.factor;
    else
      new.factor := new.rate;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if pg_catalog.record_image_ne(row(new.factor), row(old.factor))
     and not (pg_catalog.record_image_ne(row(new.rate), row(old.rate))
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.rate := new.factor;
  elsif pg_catalog.record_image_ne(row(new.rate), row(old.rate)) or new.factor is null then
    new.factor := new.rate;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.rates
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_15f450a5_2_sync_insert" before insert on app.rates
  for each row when (pg_catalog.record_image_ne(row(new.rate), row(new.factor))) execute function changeover.sync_15f450a5();
create trigger "~~changeover_15f450a5_2_sync_update" before update on app.rates
  for each row when (pg_catalog.record_image_ne(row(new.rate), row(new.factor))) execute function changeover.sync_15f450a5();
alter table app.rates enable always trigger "~~changeover_15f450a5_2_sync_insert";
alter table app.rates enable always trigger "~~changeover_15f450a5_2_sync_update";

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.rates
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_15f450a5_1_old_insert" before insert on app.rates
  for each row when (new.rate is not null and new.factor is null and current_setting('changeover.seen_15f450a5_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('numeric', 'old', 'changeover.seen_15f450a5_old', '10');
alter table app.rates enable always trigger "~~changeover_15f450a5_1_old_insert";
create trigger "~~changeover_15f450a5_1_old_update" before update of rate on app.rates
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_15f450a5_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('numeric', 'old', 'changeover.seen_15f450a5_old', '10');
alter table app.rates enable always trigger "~~changeover_15f450a5_1_old_update";
create trigger "~~changeover_15f450a5_1_new_insert" before insert on app.rates
  for each row when (new.factor is not null and current_setting('changeover.seen_15f450a5_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('numeric', 'new', 'changeover.seen_15f450a5_new', '60');
alter table app.rates enable always trigger "~~changeover_15f450a5_1_new_insert";
create trigger "~~changeover_15f450a5_1_new_update" before update of factor on app.rates
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_15f450a5_new', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 60)::text) execute function changeover.sight('numeric', 'new', 'changeover.seen_15f450a5_new', '60');
alter table app.rates enable always trigger "~~changeover_15f450a5_1_new_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('numeric', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.rates
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_15f450a5_2_sync_insert" on app.rates;
drop trigger if exists "~~changeover_15f450a5_2_sync_update" on app.rates;
drop trigger if exists "~~changeover_15f450a5_1_old_insert" on app.rates;
drop trigger if exists "~~changeover_15f450a5_1_old_update" on app.rates;
drop trigger if exists "~~changeover_15f450a5_1_new_insert" on app.rates;
drop trigger if exists "~~changeover_15f450a5_1_new_update" on app.rates;
drop function if exists changeover.sync_15f450a5();

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'numeric';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.rates
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.rates drop column if exists factor;

-- step add-column: like rate
--   lock     ACCESS EXCLUSIVE on app.rates
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.rates add column factor numeric;
