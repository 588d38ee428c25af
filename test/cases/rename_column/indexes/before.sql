create table public.people (
  tenant integer,
  id integer,
  name text collate "C",
  city text,
  primary key (tenant, id)
);
create index people_name_idx on public.people (name);
create index people_name_desc on public.people (name desc nulls last, city collate "POSIX" asc nulls first);
create index people_name_pattern on public.people (name text_pattern_ops) with (fillfactor = 70);
create index people_city_name on public.people (city) include (name);
create index people_lower on public.people (lower(name), (name || '; "name" -- name'));
create index people_long on public.people (city) where name is not null and length(name) > 3;
create unique index people_unique on public.people (tenant, name);
create index people_other on public.people (city);
comment on index public.people_lower is 'for search';
alter table public.people cluster on people_name_idx;
insert into public.people select n % 3, n, 'name ' || n, 'city ' || n % 10 from generate_series(1, 400) n;
