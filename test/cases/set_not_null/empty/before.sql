create unlogged table public.nothing (id bigint primary key, a text default 'a');
