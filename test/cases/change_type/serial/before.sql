create table public.tickets (id uuid primary key, number serial, other integer);
insert into public.tickets (id) select md5(n::text)::uuid from generate_series(1, 100) n;
