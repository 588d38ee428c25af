create schema app;
create table app.customers (id bigint primary key, region integer not null, unique (region, id));
insert into app.customers select n, n % 4 from generate_series(1, 40) n;
create table app.orders (
  id bigint primary key,
  customer bigint not null,
  region integer not null default 0,
  constraint orders_customer_positive check (customer > 0),
  constraint orders_both check (customer > 0 or region is null) no inherit,
  constraint orders_customer_once unique (customer, id),
  constraint orders_customer_fk foreign key (customer) references app.customers on update cascade on delete restrict,
  constraint orders_region_fk foreign key (region, customer) references app.customers (region, id) match full deferrable initially deferred
);
insert into app.orders select n, 1 + n % 40, (1 + n % 40) % 4 from generate_series(1, 400) n;
set constraints all immediate;
alter table app.orders add constraint orders_old check (customer <> 666) not valid;
comment on constraint orders_both on app.orders is 'either';
