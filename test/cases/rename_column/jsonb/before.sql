create table public.events (id integer, kind text, payload jsonb not null default '{"v": 1}', primary key (kind, id));
insert into public.events select n, 'k', jsonb_build_object('total', n || '.00', 'it''s', null) from generate_series(1, 200) n;
create index events_total on public.events (((payload ->> 'total')::numeric) desc nulls last, payload);
alter table public.events add constraint payload_is check (jsonb_typeof(payload) = 'object' and not payload ? 'payload');
