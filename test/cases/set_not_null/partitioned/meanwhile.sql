insert into app.events values (1000, 5, null), (1001, 900, null) on conflict do nothing;
update app.events set day = 150 where id = 3;
update app.events set note = 'seen' where id = 6;
