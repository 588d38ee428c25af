create schema app;
create table app.rates (id integer primary key, rate numeric, note text);
insert into app.rates select n, case n % 4 when 0 then null when 1 then n::numeric(10, 2) when 2 then 'NaN' else n end, 'n' from generate_series(1, 200) n;
create index on app.rates (rate);
