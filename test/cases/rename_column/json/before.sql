create table public.docs (id integer primary key, body json, n integer default 0);
insert into public.docs select n, case when n % 4 = 0 then null else format('{"a":  %s, "a": 1}', n)::json end from generate_series(1, 200) n;
create index on public.docs ((body ->> 'a')) where body is not null;
