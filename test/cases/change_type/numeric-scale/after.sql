alter table public.prices alter column price type numeric(12, 2);
