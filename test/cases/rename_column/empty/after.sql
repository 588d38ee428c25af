alter table public.nothing rename column a to b;
