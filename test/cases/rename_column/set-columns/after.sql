alter table public.pets rename column owner to keeper;
