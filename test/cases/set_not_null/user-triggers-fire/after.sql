update public.docs set body = '' where body is null;
alter table public.docs alter column body set not null;
