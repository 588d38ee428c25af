alter table public.people alter column name type varchar(60);
