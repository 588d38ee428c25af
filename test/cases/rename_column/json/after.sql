alter table public.docs rename column body to content;
