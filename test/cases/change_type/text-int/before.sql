create table public.imports (id bigint primary key, amount text not null default '7', note text);
insert into public.imports select n, case when n in (17, 250) then 'about ' || n else n::text end, 'note ' || n from generate_series(1, 300) n;
