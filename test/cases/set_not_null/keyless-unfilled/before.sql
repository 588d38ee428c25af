create table public.log (message text, level integer);
insert into public.log select 'line ' || n % 50, nullif(n, 77) from generate_series(1, 200) n;
