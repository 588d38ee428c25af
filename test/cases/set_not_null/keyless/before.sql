create table public.log (message text, level integer);
insert into public.log select 'line ' || n % 50, case when n % 5 > 0 then n % 5 end from generate_series(1, 300) n;
