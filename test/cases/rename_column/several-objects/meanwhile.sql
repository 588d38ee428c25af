insert into app.stock (warehouse, id, region, amount) values (7, 1, 0, 5) on conflict do nothing;
insert into app.stock (warehouse, id, code, region) values (7, 2, 'c1', 1) on conflict do nothing;
update app.stock set code = 'c2', region = 2 where id = 100;
update app.stock set amount = 0 where id = 101;
delete from app.stock where id = 300;
