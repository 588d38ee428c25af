delete from public.log where level is null;
alter table public.log alter column level set not null;
