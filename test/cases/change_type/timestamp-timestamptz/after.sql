alter table public.events alter column at type timestamptz using at at time zone 'Europe/Berlin';
