insert into app.people (id) values (1001) on conflict do nothing;
update app.people set mood = 'sad' where id % 7 = 0;
