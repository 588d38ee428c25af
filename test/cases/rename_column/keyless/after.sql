alter table public.log rename column message to line;
