alter table public.orders alter column "Code" type text using 'c
-- step ' || "Code";
