create table public.points (id integer primary key, x double precision not null default '-0', y real);
insert into public.points select n, case n % 4 when 0 then '-0' when 1 then 0 when 2 then 'NaN' else n / 3.0 end from generate_series(1, 200) n;
