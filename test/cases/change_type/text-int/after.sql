alter table public.imports alter column amount drop default;
update public.imports set amount = '-1' where amount !~ '^-?[0-9]+$';
alter table public.imports alter column amount type integer using amount::integer;
alter table public.imports alter column amount set default ('7'::text)::integer;
