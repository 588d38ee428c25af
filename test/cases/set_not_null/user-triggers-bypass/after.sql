alter table public.docs disable trigger touch;
update public.docs set body = 'none' where body is null;
alter table public.docs enable trigger touch;
alter table public.docs alter column body set not null;
