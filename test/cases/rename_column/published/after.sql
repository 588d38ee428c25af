alter table public.orders rename column total to amount;
