create table public.log (at timestamptz default '2026-01-01', message text, level integer default 1);
insert into public.log (message) select case when n % 5 = 0 then null else 'line ' || n % 50 end from generate_series(1, 300) n;
