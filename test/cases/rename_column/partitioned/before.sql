create schema app;
create table app.orders (
  id bigint not null, day integer not null, total integer not null check (total >= 0), note text,
  primary key (id, day), constraint orders_total_key unique (total, day, id)
) partition by range (day);
create table app.orders_1 partition of app.orders for values from (0) to (100);
create table app."Orders 2" partition of app.orders for values from (100) to (200);
create table app.orders_rest partition of app.orders default;
create index orders_total_idx on app.orders (total) include (note) where total > 10;
create unique index orders_by_day on app.orders (day, total desc, id);
insert into app.orders select n, n % 300, n, 'n' || n from generate_series(1, 600) n;
