insert into app.tickets (id) select generate_series(102, 120) on conflict do nothing;
