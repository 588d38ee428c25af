insert into app.orders (id, total) values (1000, 21) on conflict do nothing;
