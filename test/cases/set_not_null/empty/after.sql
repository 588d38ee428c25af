alter table public.nothing alter column a set not null;
