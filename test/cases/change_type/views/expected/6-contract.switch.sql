-- changeover revision 8bbe1f334ed9
-- parent              4e357670fc02
-- plan                views
-- name                switch
-- change              change_type app.orders.total to bigint
-- title               total becomes bigint; the old one is kept in step beside it
-- lane                tail
-- phase               contract
-- runner              transactional
-- scope               app.orders (total)
-- scope added         changeover_total
-- scope not null      total
-- expects             column total 918d817a3fa3
-- expects             table app.orders 85728e9fabe4
-- expects             view "app.\"Some\"" a39075af23cd
-- expects             view app.a_over f52c1b7800af
-- expects             view app.again 3ff2cc836649
-- expects             view app.by_id 0a222785e3be
-- expects             view app.large 6fd771b1b14a
-- gate                backfill
-- gate                verified
-- gate                settled
-- gate                confirmed
-- undo gate           reversible
-- deploy old          no: the column has its new type
-- deploy new          yes: the column has its new type

-- upgrade

-- step drop-views: made again in this transaction, from the same text
--   lock     ACCESS EXCLUSIVE on app.again
--   lock     ACCESS EXCLUSIVE on app.a_over
--   lock     ACCESS EXCLUSIVE on app.large
--   lock     ACCESS EXCLUSIVE on app.by_id
--   lock     ACCESS EXCLUSIVE on app."Some"
--   timeout  lock 400ms, statement 10s
--   work     catalog
drop view app.again;
drop view app.a_over;
drop view app.large;
drop view app.by_id;
drop view app."Some";

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders rename column total to changeover_74883614_swap;
alter table app.orders rename column changeover_total to total;
alter table app.orders rename column changeover_74883614_swap to changeover_total;

-- step move-default
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders alter column total set default 0;
alter table app.orders alter column changeover_total drop default;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_74883614(integer, bigint);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_74883614() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.total is not null then
      begin
        new.changeover_total := (new.total::integer);
      exception when others then
        new.changeover_total := null;
        perform pg_catalog.set_config('changeover.unmirrored_74883614', 'back ' || sqlstate, true);
      end;
    else
      new.total := (new.changeover_total::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.total is distinct from old.total
     and not (new.changeover_total is distinct from old.changeover_total
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.changeover_total := (new.total::integer);
    exception when others then
      new.changeover_total := null;
      perform pg_catalog.set_config('changeover.unmirrored_74883614', 'back ' || sqlstate, true);
    end;
  elsif new.changeover_total is distinct from old.changeover_total or new.total is null then
    new.total := (new.changeover_total::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_74883614_2_sync_insert" before insert on app.orders
  for each row when (new.changeover_total is not null or new.total is not null) execute function changeover.sync_74883614();
alter table app.orders enable always trigger "~~changeover_74883614_2_sync_insert";
create or replace trigger "~~changeover_74883614_2_sync_update" before update on app.orders
  for each row when ((old.changeover_total is distinct from new.changeover_total or old.total is distinct from new.total or (new.total is null and new.changeover_total is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.changeover_total is distinct from new.changeover_total end)) execute function changeover.sync_74883614();
alter table app.orders enable always trigger "~~changeover_74883614_2_sync_update";
create or replace trigger "~~changeover_74883614_3_note" before insert or update on app.orders
  for each row when (coalesce(current_setting('changeover.unmirrored_74883614', true), '') <> '') execute function changeover.note('views', 'changeover.unmirrored_74883614', 'changeover.seen_74883614_unmirrored', '10', 'id');
alter table app.orders enable always trigger "~~changeover_74883614_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_74883614(new_side bigint, old_side integer) returns integer language plpgsql stable as $$
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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'views';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'views';

-- step sighting-triggers: who still writes which side
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create trigger "~~changeover_74883614_1_old_insert" before insert on app.orders
  for each row when (new.changeover_total is not null and new.total is null and current_setting('changeover.seen_74883614_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('views', 'old', 'changeover.seen_74883614_old', '10');
alter table app.orders enable always trigger "~~changeover_74883614_1_old_insert";
create trigger "~~changeover_74883614_1_old_update" before update of changeover_total on app.orders
  for each row when (coalesce(current_setting('changeover.backfill', true), '') = '' and current_setting('changeover.seen_74883614_old', true) is distinct from floor(date_part('epoch', clock_timestamp()) / 10)::text) execute function changeover.sight('views', 'old', 'changeover.seen_74883614_old', '10');
alter table app.orders enable always trigger "~~changeover_74883614_1_old_update";

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('views', 'epoch', session_user, '', 0);

-- step create-views: over the column that has the name now
--   timeout  lock 2s, statement 10s
--   work     catalog
create view app."Some" as
SELECT orders.id
   FROM app.orders
  WHERE (orders.total IS NOT NULL);
create view app.by_id as
SELECT o.id,
    o.total,
    count(*) AS n
   FROM (app.orders o
     JOIN app.customers c ON ((c.id = o.customer)))
  GROUP BY o.id;
create view app.large with (security_barrier = 'true', check_option = 'local') as
SELECT orders.id,
    orders.customer,
    orders.total,
    (orders.total * 2) AS twice
   FROM app.orders
  WHERE (orders.total > 10);
create view app.a_over as
SELECT l.total,
    c.name
   FROM (app.large l
     JOIN app.customers c ON ((c.id = l.customer)));
create view app.again as
SELECT a.name,
    max(a.total) AS most
   FROM app.a_over a
  GROUP BY a.name;

-- step own-views: privileges begin at none, whatever default privileges have given
--   timeout  lock 2s, statement 10s
--   work     catalog
do $$
declare
  given record;
begin
  for given in
    select c.oid::pg_catalog.regclass as name,
           case a.grantee when 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end as grantee
      from pg_catalog.pg_class c, pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) a
     where c.oid in (pg_catalog.to_regclass('app."Some"'), pg_catalog.to_regclass('app.by_id'), pg_catalog.to_regclass('app.large'), pg_catalog.to_regclass('app.a_over'), pg_catalog.to_regclass('app.again'))
     group by c.oid, a.grantee
  loop
    execute pg_catalog.format('revoke all on %s from %s', given.name, given.grantee);
  end loop;
end
$$;

-- step describe-views: their owners, grants, comments and defaults
--   timeout  lock 2s, statement 10s
--   work     catalog
alter view app."Some" owner to postgres;
grant all on app."Some" to postgres;
alter view app.by_id owner to postgres;
grant all on app.by_id to postgres;
alter view app.large owner to views_owner;
grant all on app.large to views_owner;
revoke delete, truncate on app.large from views_owner;
grant all on app.large to pg_monitor;
grant select on app.large to views_reader;
grant update on app.large to views_reader;
comment on view app.large is 'it''s the large ones';
grant insert (id) on app.large to views_reader with grant option;
alter view app.large alter column total set default 11;
grant insert (total) on app.large to views_reader with grant option;
comment on column app.large.total is 'in "euros"';
alter view app.a_over owner to postgres;
grant all on app.a_over to postgres;
grant select on app.a_over to public;
alter view app.again owner to postgres;
grant all on app.again to postgres;

-- step recompile-functions: sessions compile the functions over the column again
--   timeout  lock 2s, statement 10s
--   work     catalog
do $$
declare
  f record;
begin
  for f in
    select p.oid::pg_catalog.regprocedure as name, p.procost as cost
      from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      join pg_catalog.pg_language l on l.oid = p.prolang
     where l.lanname = 'plpgsql' and p.prokind = 'f' and n.nspname <> 'changeover' and (
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'app.orders'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;

-- downgrade

-- step drop-views: made again in this transaction, from the same text
--   lock     ACCESS EXCLUSIVE on app.again
--   lock     ACCESS EXCLUSIVE on app.a_over
--   lock     ACCESS EXCLUSIVE on app.large
--   lock     ACCESS EXCLUSIVE on app.by_id
--   lock     ACCESS EXCLUSIVE on app."Some"
--   timeout  lock 400ms, statement 10s
--   work     catalog
drop view app.again;
drop view app.a_over;
drop view app.large;
drop view app.by_id;
drop view app."Some";

-- step drop-triggers
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
drop trigger if exists "~~changeover_74883614_1_old_insert" on app.orders;
drop trigger if exists "~~changeover_74883614_1_old_update" on app.orders;

-- step swap-names: the two sides, and what hangs on them, take each other's names
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders rename column total to changeover_74883614_swap;
alter table app.orders rename column changeover_total to total;
alter table app.orders rename column changeover_74883614_swap to changeover_total;

-- step move-default
--   lock     ACCESS EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
alter table app.orders alter column total set default 0;
alter table app.orders alter column changeover_total drop default;

-- step drop-in-step-function: made again for the swapped sides
--   timeout  lock 2s, statement 10s
--   work     catalog
drop function if exists changeover.in_step_74883614(bigint, integer);

-- step sync-function: keeps the two sides in step, whichever is written
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.sync_74883614() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.changeover_total is not null then
      begin
        new.total := (new.changeover_total::integer);
      exception when others then
        new.total := null;
        perform pg_catalog.set_config('changeover.unmirrored_74883614', 'back ' || sqlstate, true);
      end;
    else
      new.changeover_total := (new.total::bigint);
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if new.changeover_total is distinct from old.changeover_total
     and not (new.total is distinct from old.total
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    begin
      new.total := (new.changeover_total::integer);
    exception when others then
      new.total := null;
      perform pg_catalog.set_config('changeover.unmirrored_74883614', 'back ' || sqlstate, true);
    end;
  elsif new.total is distinct from old.total or new.changeover_total is null then
    new.changeover_total := (new.total::bigint);
  end if;
  return new;
end
$$;

-- step sync-triggers: also where session_replication_role is replica
--   lock     SHARE ROW EXCLUSIVE on app.orders
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace trigger "~~changeover_74883614_2_sync_insert" before insert on app.orders
  for each row when (new.total is not null or new.changeover_total is not null) execute function changeover.sync_74883614();
alter table app.orders enable always trigger "~~changeover_74883614_2_sync_insert";
create or replace trigger "~~changeover_74883614_2_sync_update" before update on app.orders
  for each row when ((old.total is distinct from new.total or old.changeover_total is distinct from new.changeover_total or (new.changeover_total is null and new.total is not null))
    and (pg_trigger_depth() > 0 or case coalesce(current_setting('changeover.backfill', true), '') when '' then true when 'repair' then false else old.total is distinct from new.total end)) execute function changeover.sync_74883614();
alter table app.orders enable always trigger "~~changeover_74883614_2_sync_update";
create or replace trigger "~~changeover_74883614_3_note" before insert or update on app.orders
  for each row when (coalesce(current_setting('changeover.unmirrored_74883614', true), '') <> '') execute function changeover.note('views', 'changeover.unmirrored_74883614', 'changeover.seen_74883614_unmirrored', '10', 'id');
alter table app.orders enable always trigger "~~changeover_74883614_3_note";

-- step in-step-function: what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back
--   timeout  lock 2s, statement 10s
--   work     catalog
create or replace function changeover.in_step_74883614(old_side integer, new_side bigint) returns integer language plpgsql stable as $$
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

-- step forget-sightings
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.sighting where plan = 'views';

-- step forget-unmirrored
--   timeout  lock 2s, statement 10s
--   work     catalog
delete from changeover.unmirrored where plan = 'views';

-- step sighting-epoch: since when sightings are complete; a server crash empties the table, and this row with it
--   timeout  lock 2s, statement 10s
--   work     catalog
insert into changeover.sighting (plan, side, role, app, pid) values ('views', 'epoch', session_user, '', 0);

-- step create-views: over the column that has the name now
--   timeout  lock 2s, statement 10s
--   work     catalog
create view app."Some" as
SELECT orders.id
   FROM app.orders
  WHERE (orders.total IS NOT NULL);
create view app.by_id as
SELECT o.id,
    o.total,
    count(*) AS n
   FROM (app.orders o
     JOIN app.customers c ON ((c.id = o.customer)))
  GROUP BY o.id;
create view app.large with (security_barrier = 'true', check_option = 'local') as
SELECT orders.id,
    orders.customer,
    orders.total,
    (orders.total * 2) AS twice
   FROM app.orders
  WHERE (orders.total > 10);
create view app.a_over as
SELECT l.total,
    c.name
   FROM (app.large l
     JOIN app.customers c ON ((c.id = l.customer)));
create view app.again as
SELECT a.name,
    max(a.total) AS most
   FROM app.a_over a
  GROUP BY a.name;

-- step own-views: privileges begin at none, whatever default privileges have given
--   timeout  lock 2s, statement 10s
--   work     catalog
do $$
declare
  given record;
begin
  for given in
    select c.oid::pg_catalog.regclass as name,
           case a.grantee when 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end as grantee
      from pg_catalog.pg_class c, pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) a
     where c.oid in (pg_catalog.to_regclass('app."Some"'), pg_catalog.to_regclass('app.by_id'), pg_catalog.to_regclass('app.large'), pg_catalog.to_regclass('app.a_over'), pg_catalog.to_regclass('app.again'))
     group by c.oid, a.grantee
  loop
    execute pg_catalog.format('revoke all on %s from %s', given.name, given.grantee);
  end loop;
end
$$;

-- step describe-views: their owners, grants, comments and defaults
--   timeout  lock 2s, statement 10s
--   work     catalog
alter view app."Some" owner to postgres;
grant all on app."Some" to postgres;
alter view app.by_id owner to postgres;
grant all on app.by_id to postgres;
alter view app.large owner to views_owner;
grant all on app.large to views_owner;
revoke delete, truncate on app.large from views_owner;
grant all on app.large to pg_monitor;
grant select on app.large to views_reader;
grant update on app.large to views_reader;
comment on view app.large is 'it''s the large ones';
grant insert (id) on app.large to views_reader with grant option;
alter view app.large alter column total set default 11;
grant insert (total) on app.large to views_reader with grant option;
comment on column app.large.total is 'in "euros"';
alter view app.a_over owner to postgres;
grant all on app.a_over to postgres;
grant select on app.a_over to public;
alter view app.again owner to postgres;
grant all on app.again to postgres;

-- step recompile-functions: sessions compile the functions over the column again
--   timeout  lock 2s, statement 10s
--   work     catalog
do $$
declare
  f record;
begin
  for f in
    select p.oid::pg_catalog.regprocedure as name, p.procost as cost
      from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      join pg_catalog.pg_language l on l.oid = p.prolang
     where l.lanname = 'plpgsql' and p.prokind = 'f' and n.nspname <> 'changeover' and (
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = 'app.orders'::pg_catalog.regclass))
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
$$;
