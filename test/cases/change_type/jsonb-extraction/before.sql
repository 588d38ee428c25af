create table public.docs (id bigint primary key, size jsonb, note text);
insert into public.docs select n, case when n % 4 > 0 then jsonb_build_object('px', n, 'unit', 'px') end, 'note ' || n from generate_series(1, 300) n;
