alter table public.docs rename column body to content;
update public.docs set content = content;
