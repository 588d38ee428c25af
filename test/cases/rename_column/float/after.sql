alter table public.points rename column x to longitude;
