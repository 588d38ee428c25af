create table public.prices (id bigint primary key, price numeric(12, 4), note text, constraint price_not_negative check (price >= 0));
insert into public.prices select n, case when n % 9 > 0 then n / 7.0 end, 'note ' || n from generate_series(1, 300) n;
