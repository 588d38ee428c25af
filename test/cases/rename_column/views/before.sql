create schema app;
do $$ begin create role views_owner; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role views_reader; exception when duplicate_object or unique_violation then null; end $$;
grant usage, create on schema app to views_owner;

create table app.customers (id bigint primary key, total numeric);
create table app.orders (id bigint primary key, customer bigint, total numeric(10, 2) not null default 0);
grant select, update on app.orders to views_owner;

-- Written through, with all that may hang on a view.
create view app.large with (security_barrier = true, check_option = cascaded) as
  select id, total, total * 2 as twice from app.orders where total > 10 order by total desc;
alter view app.large owner to views_owner;
grant select, update on app.large to views_reader;
grant insert (id) on app.large to views_reader with grant option;
comment on view app.large is 'it''s the large ones';
comment on column app.large.total is 'in "euros"';
alter view app.large alter total set default 11;

-- What reads a view's column reads no table's.
create view app.over_large as select l.total, l.total as amount from app.large l;
create materialized view app.stored as select total from app.large;

create view app.joined as
  select o.id, o.total, c.total as credit, (select max(total) from app.orders) as most
    from app.orders o join app.customers c on c.id = o.customer
   where exists (select from app.customers where app.customers.total = o.total);
create view app."Every Way" as
  with sums as (select customer, sum(total) as total from app.orders group by customer), plain as (select total from app.orders)
  select total from sums union all select total from plain union select x.total from (select total from app.orders) x order by 1;
create view app.grouped as select total, count(*) as n from app.orders group by total having max(total) > 1 order by total;
-- A trigger of its own stays where it is.
create function app.refuse() returns trigger language plpgsql as $$ begin raise exception 'read only'; end $$;
create trigger refuse instead of insert on app.joined for each row execute function app.refuse();
create view app.others as select id, customer from app.orders;

insert into app.customers select n, n from generate_series(1, 9) n;
insert into app.orders (id, customer, total) select n, 1 + n % 9, n from generate_series(1, 50) n;
