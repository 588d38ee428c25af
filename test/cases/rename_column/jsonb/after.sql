alter table public.events rename column payload to data;
