insert into public.orders (id, total) values (1001, 5), (1002, default) on conflict do nothing;
update public.orders set total = 6 where id % 7 = 0;
update public.orders set note = 'touched' where id % 11 = 0;
delete from public.orders where id % 13 = 0;
