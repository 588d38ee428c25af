insert into app.people values (1001, 'New', 'One', null) on conflict do nothing;
update app.people set tags = null where id = 5;
