create table public.orders (id integer primary key, total integer not null default 0, note text);
insert into public.orders select n, n * 3, 'note ' || n from generate_series(1, 500) n;
