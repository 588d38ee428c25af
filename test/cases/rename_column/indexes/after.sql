alter table public.people rename column name to full_name;
