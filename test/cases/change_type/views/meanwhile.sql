insert into app.orders values (101, 1, 40) on conflict do nothing;
update app.large set total = 45 where id = 101;
