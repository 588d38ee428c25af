create schema app;
create domain app."Money amount" as numeric(12, 2);
create domain app.price as app."Money amount";
create sequence app.prices;
create table app.items (id integer primary key, "price" app.price not null default nextval('app.prices'), tax app.price);
create index on app.items (price desc) where price > 3.50::app.price;
insert into app.items select n, n * 1.05, n from generate_series(1, 200) n;
