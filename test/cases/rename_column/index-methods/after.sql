alter table public.places rename column area to ground;
