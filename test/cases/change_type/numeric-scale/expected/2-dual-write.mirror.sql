-- changeover revision 410ee4a65a5c
-- parent              50617c68979f
-- plan                numeric-scale
-- name                mirror
-- change              change_type public.prices.price to numeric(12, 2)
-- title               keep price in both types, in step
-- lane                trunk
-- phase               dual-write
-- runner              transactional
-- scope               public.prices (price)
-- scope added         changeover_price
-- expects             column price 1cc0f043cc46
-- expects             constraint price_not_negative c94438632b54
-- expects             table public.prices 85728e9fabe4
-- deploy old          yes: the column keeps its type until the switch; what is written is converted beside it
-- deploy new          yes: where it is ready for either type

-- upgrade

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_9e70d30c() returns trigger language plpgsql as $$
declare
  there numeric(12,2);
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_price is not null then
      begin
        new.price := (new.changeover_price::numeric(12,4));
        there := (new.price::numeric(12,2));
        if pg_catalog.record_image_ne(row(there), row(new.changeover_price)) then perform pg_catalog.set_config('changeover.unmirrored_9e70d30c', 'back inexact', true); end if;
      exception when others then
        new.price := null;
        perform pg_catalog.set_config('changeover.unmirrored_9e70d30c', 'back ' || sqlstate, true);
      end;
    else
      begin
        new.changeover_price := (new.price::numeric(12,2));
      exception when others then
        new.changeover_price := null;
        perform pg_catalog.set_config('changeover.unmirrored_9e70d30c', 'forth ' || sqlstate, true);
      end;
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if pg_catalog.record_image_ne(row(new.changeover_price), row(old.changeover_price))
     and not (pg_catalog.record_image_ne(row(new.price), row(old.price))
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.price := (new.changeover_price::numeric(12,4));
      there := (new.price::numeric(12,2));
      if pg_catalog.record_image_ne(row(there), row(new.changeover_price)) then perform pg_catalog.set_config('changeover.unmirrored_9e70d30c', 'back inexact', true); end if;
    exception when others then
      new.price := null;
      perform pg_catalog.set_config('changeover.unmirrored_9e70d30c', 'back ' || sqlstate, true);
    end;
  elsif pg_catalog.record_image_ne(row(new.price), row(old.price)) or new.changeover_price is null then
    begin
      new.changeover_price := (new.price::numeric(12,2));
    exception when others then
      new.changeover_price := null;
      perform pg_catalog.set_config('changeover.unmirrored_9e70d30c', 'forth ' || sqlstate, true);
    end;
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_9e70d30c_2_sync_insert" before insert on public.prices
  for each row when (new.price is not null or new.changeover_price is not null) execute function changeover.sync_9e70d30c();
alter table public.prices enable always trigger "~~changeover_9e70d30c_2_sync_insert";
create or replace trigger "~~changeover_9e70d30c_2_sync_update" before update on public.prices
  for each row when ((pg_catalog.record_image_ne(row(old.price), row(new.price)) or pg_catalog.record_image_ne(row(old.changeover_price), row(new.changeover_price)) or (new.changeover_price is null and new.price is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else pg_catalog.record_image_ne(row(old.price), row(new.price)) end)) execute function changeover.sync_9e70d30c();
alter table public.prices enable always trigger "~~changeover_9e70d30c_2_sync_update";
create or replace trigger "~~changeover_9e70d30c_3_note" before insert or update on public.prices
  for each row when (coalesce(current_setting('changeover.unmirrored_9e70d30c', true), '') <> '') execute function changeover.note('numeric-scale', 'changeover.unmirrored_9e70d30c', 'changeover.seen_9e70d30c_unmirrored', '10', 'id');
alter table public.prices enable always trigger "~~changeover_9e70d30c_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_9e70d30c(old_side numeric(12,4), new_side numeric(12,2)) returns integer language plpgsql stable as $$
declare
  there numeric(12,2);
  back numeric(12,4);
  failed boolean := false;
begin
  begin
    there := (old_side::numeric(12,2));
    if not (pg_catalog.record_image_ne(row(there), row(new_side))) then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (new_side::numeric(12,4));
  exception when others then
    back := null;
    return case when not (pg_catalog.record_image_ne(row(back), row(old_side))) then 2 else 0 end;
  end;
  -- It comes back as what is there, and would go forth as another value: what the new side holds would be lost.
  return case when not (pg_catalog.record_image_ne(row(back), row(old_side))) then 2 else 0 end;
end
$$;

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('numeric-scale', 'epoch', session_user, '', 0);

-- downgrade

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_9e70d30c_2_sync_insert" on public.prices;
drop trigger if exists "~~changeover_9e70d30c_2_sync_update" on public.prices;
drop trigger if exists "~~changeover_9e70d30c_3_note" on public.prices;
drop function if exists changeover.sync_9e70d30c();

-- step drop-in-step-function
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_9e70d30c(numeric(12,4), numeric(12,2));

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'numeric-scale';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'numeric-scale';

-- step drop-column
--   lock     ACCESS EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.prices drop column if exists changeover_price;

-- step add-column: like price
--   lock     ACCESS EXCLUSIVE on public.prices
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table public.prices add column changeover_price numeric(12,2);
