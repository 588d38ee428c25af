alter table public.cars rename column plate to number;
