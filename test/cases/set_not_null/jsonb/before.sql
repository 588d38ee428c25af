create table public.events (id integer primary key, n numeric not null, payload jsonb);
insert into public.events select n, n * 1.10, case when n % 2 = 0 then '{"a": 1}'::jsonb end from generate_series(1, 200) n;
create index on public.events using gin (payload);
