create table public.orders (id bigint primary key, "Code" integer, note text);
insert into public.orders select n, case when n % 5 > 0 then n end, 'note ' || n from generate_series(1, 300) n;
create index "Orders code" on public.orders ("Code" desc nulls last);
