insert into public.orders (id, "Code") values (1001, 5), (1002, null) on conflict do nothing;
update public.orders set "Code" = null where id % 7 = 0;
