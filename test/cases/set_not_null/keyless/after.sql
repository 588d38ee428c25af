update public.log set level = 0 where level is null;
alter table public.log alter column level set not null;
