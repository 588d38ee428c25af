create unlogged table public.nothing (id bigint primary key, a integer not null unique check (a > 0)) with (fillfactor = 60);
create index on public.nothing (a) where a > 10;
