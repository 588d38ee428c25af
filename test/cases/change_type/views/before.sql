create schema app;
do $$ begin create role views_owner; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role views_reader; exception when duplicate_object or unique_violation then null; end $$;
grant usage, create on schema app to views_owner;

create table app.customers (id bigint primary key, name text);
create table app.orders (id bigint primary key, customer bigint, total integer not null default 0);
grant select, update on app.orders to views_owner;

create view app.large with (security_barrier = true, check_option = local) as
  select id, customer, total, total * 2 as twice from app.orders where total > 10;
alter view app.large owner to views_owner;
grant select, update on app.large to views_reader;
grant all on app.large to pg_monitor;
grant insert (id, total) on app.large to views_reader with grant option;
revoke delete, truncate on app.large from views_owner;
comment on view app.large is 'it''s the large ones';
comment on column app.large.total is 'in "euros"';
alter view app.large alter total set default 11;

-- Views over views, in an order that their names do not tell.
create view app.a_over as select l.total, c.name from app.large l join app.customers c on c.id = l.customer;
grant select on app.a_over to public;
create view app.again as select a.name, max(a.total) as most from app.a_over a group by a.name;
create view app.by_id as select o.id, o.total, count(*) as n from app.orders o join app.customers c on c.id = o.customer group by o.id;
-- It gives nothing of the column.
create view app."Some" as select id from app.orders where total is not null;
create view app.others as select id, customer from app.orders;
-- What default privileges would give to a view that is made anew is not what these have.
alter default privileges in schema app grant insert, references on tables to views_reader;

insert into app.customers select n, 'c' || n from generate_series(1, 9) n;
insert into app.orders select n, 1 + n % 9, n from generate_series(1, 50) n;
