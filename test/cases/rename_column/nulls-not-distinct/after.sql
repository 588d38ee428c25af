alter table public.slots rename column room to place;
