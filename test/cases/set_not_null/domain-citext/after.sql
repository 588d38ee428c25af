update public.users set email = (name || '@Example.com')::public.mail where email is null;
alter table public.users alter column email set not null;
