insert into app.goods values (7, 1, null), (7, 2, 3) on conflict do nothing;
update app.goods set kind = null, price = null where id = 1;
update app.goods set price = 5 where id = 2;
