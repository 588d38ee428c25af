create table public.events (id bigint primary key, at timestamp not null, note text);
insert into public.events select n, timestamp '2026-01-01 00:00' + n * interval '7 hours', 'note ' || n from generate_series(1, 300) n;
create index events_at on public.events (at desc, id) where id > 10;
comment on index public.events_at is 'lately';
