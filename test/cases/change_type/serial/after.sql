alter table public.tickets alter column number type bigint;
