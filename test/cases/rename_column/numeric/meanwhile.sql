update app.rates set rate = 1.0 where id in (1, 2);
update app.rates set rate = 1.00 where id in (2, 3);
update app.rates set note = 'same' where id = 5;
insert into app.rates values (1000, 7.70) on conflict (id) do update set rate = 7.700;
insert into app.rates values (1000, 7.70) on conflict (id) do update set rate = 7.700;
