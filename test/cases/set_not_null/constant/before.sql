create schema app;
create table app.orders (id bigint primary key, channel text, total integer);
create index on app.orders (channel);
insert into app.orders select n, case when n % 3 = 0 then null else 'app' end, n from generate_series(1, 500) n;
