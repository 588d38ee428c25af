update app.orders set day = 250 where id = 7;
update app.orders set day = 50, total = 3 where id = 150;
insert into app.orders values (1000, 1, 11, 'direct'), (1001, 900, 12, 'default') on conflict do nothing;
update app.orders_1 set total = 21 where id = 20;
