insert into public.prices (id, price) values (1001, 1.2345), (1002, 0), (1003, null) on conflict do nothing;
update public.prices set price = 9.9987 where id % 7 = 0;
