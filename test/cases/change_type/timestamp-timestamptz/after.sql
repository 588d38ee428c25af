drop index public.events_at;
alter table public.events alter column at type timestamptz using at at time zone 'Europe/Berlin';
create index events_at on public.events (at) where at > timestamp '2026-02-01';
comment on index public.events_at is 'lately';
