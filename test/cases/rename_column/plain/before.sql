create schema app;
create table app.orders (id bigint primary key, total integer, note text);
insert into app.orders select n, case when n % 7 = 0 then null else n end, 'note ' || n from generate_series(1, 500) n;
