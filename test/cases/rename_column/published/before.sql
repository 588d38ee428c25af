create table public.orders (id integer primary key, total integer, note text);
insert into public.orders select n, n from generate_series(1, 100) n;
create publication orders_out for table public.orders with (publish = 'insert, update');
create publication everything for all tables;
