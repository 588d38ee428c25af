-- changeover revision 2b6bebe4f2d5
-- parent              f19f50ab71b2
-- plan                several-objects
-- name                mirror
-- change              change_type app.stock.code to bigint
-- title               keep code in both types, in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               app.stock (code)
-- scope added         changeover_code
-- expects             column code 94ba3ece2b90
-- expects             constraint stock_code_even 3a356e9d0ea5
-- expects             constraint stock_code_once e564b0a02e1a
-- expects             constraint stock_code_positive d08146ee8204
-- expects             constraint stock_code_region df13398bd727
-- expects             index stock_brin 4cf19bc3c928
-- expects             index stock_code_once a13086112266
-- expects             index stock_hash e53c1b7de79d
-- expects             index stock_open 33ba3dc9af1e
-- expects             index stock_wide 6a9d1199a501
-- expects             table app.stock 85728e9fabe4
-- expects             trigger touch 9f663ec79def
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_4f6abf4e() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_code is not null then
      begin
        new.code := (new.changeover_code::integer);
      exception when others then
        new.code := null;
        perform pg_catalog.set_config('changeover.unmirrored_4f6abf4e', 'back ' || sqlstate, true);
      end;
    else
      new.changeover_code := (new.code::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.changeover_code is distinct from old.changeover_code
     and not (new.code is distinct from old.code
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.code := (new.changeover_code::integer);
    exception when others then
      new.code := null;
      perform pg_catalog.set_config('changeover.unmirrored_4f6abf4e', 'back ' || sqlstate, true);
    end;
  elsif new.code is distinct from old.code or new.changeover_code is null then
    new.changeover_code := (new.code::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_4f6abf4e_2_sync_insert" before insert on app.stock
  for each row when (new.code is not null or new.changeover_code is not null) execute function changeover.sync_4f6abf4e();
alter table app.stock enable always trigger "~~changeover_4f6abf4e_2_sync_insert";
create or replace trigger "~~changeover_4f6abf4e_2_sync_update" before update on app.stock
  for each row when ((old.code is distinct from new.code or old.changeover_code is distinct from new.changeover_code or (new.changeover_code is null and new.code is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.code is distinct from new.code end)) execute function changeover.sync_4f6abf4e();
alter table app.stock enable always trigger "~~changeover_4f6abf4e_2_sync_update";
create or replace trigger "~~changeover_4f6abf4e_3_note" before insert or update on app.stock
  for each row when (coalesce(current_setting('changeover.unmirrored_4f6abf4e', true), '') <> '') execute function changeover.note('several-objects', 'changeover.unmirrored_4f6abf4e', 'changeover.seen_4f6abf4e_unmirrored', '10', 'warehouse', 'id');
alter table app.stock enable always trigger "~~changeover_4f6abf4e_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_4f6abf4e(old_side integer, new_side bigint) returns integer language plpgsql stable as $$
declare
  there bigint;
  back integer;
  failed boolean := false;
begin
  begin
    there := (old_side::bigint);
    if not (there is distinct from new_side) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (new_side::integer);
  exception when others then
    back := null;
    return case when not (back is distinct from old_side) then 2 else 0 end;
  end;
  -- It comes back as what is there, and would go forth as another value: what the new side holds would be lost.
  return case when not (back is distinct from old_side) then 2 else 0 end;
end
$$;

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('several-objects', 'epoch', session_user, '', 0);

-- step add-not-null-check: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   < 18
alter table app.stock add constraint changeover_stock_code_not_null check (changeover_code is not null) not valid;

-- step add-not-null: enforced for every write from here on
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
--   server   >= 18
alter table app.stock add constraint changeover_stock_code_not_null not null changeover_code not valid;

-- step add-stock-code-even: twin of stock_code_even
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock add constraint changeover_stock_code_even check (((changeover_code % 2) = 0)) not valid;

-- step add-stock-code-positive: twin of stock_code_positive
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock add constraint changeover_stock_code_positive check ((changeover_code > 0)) not valid;

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_4f6abf4e_2_sync_insert" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_2_sync_update" on app.stock;
drop trigger if exists "~~changeover_4f6abf4e_3_note" on app.stock;
drop function if exists changeover.sync_4f6abf4e();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_4f6abf4e(integer, bigint);

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'several-objects';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'several-objects';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock drop column if exists changeover_code;

-- step add-column: like code
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock add column changeover_code bigint;

-- step column-attributes: storage, statistics, comment and grants as the old column's
--   lock     ACCESS EXCLUSIVE on app.stock
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.stock alter column changeover_code set statistics 42;
comment on column app.stock.changeover_code is 'the code''s comment';
grant insert (changeover_code) on app.stock to case_reader;
grant select (changeover_code) on app.stock to case_reader;
