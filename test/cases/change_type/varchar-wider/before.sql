create table public.people (id bigint primary key, name varchar(20) not null, note text);
insert into public.people select n, 'name ' || n, 'note ' || n from generate_series(1, 100) n;
create index people_name on public.people (name);
