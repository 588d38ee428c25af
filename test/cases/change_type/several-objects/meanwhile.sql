insert into app.stock (warehouse, id) values (1, 1001) on conflict do nothing;
update app.stock set code = 20 where id % 7 = 0;
update app.stock set amount = 77 where id % 11 = 0;
