create schema app;
create table app.orders (id integer primary key, total integer not null, doubled integer);
create function app.double() returns trigger language plpgsql as $$ begin new.doubled := new.total * 2; return new; end $$;
create trigger double before insert or update of id on app.orders for each row execute function app.double();
create function app.sum() returns bigint language sql as $$ select sum(total) from app.orders $$;
insert into app.orders (id, total) select n, n from generate_series(1, 200) n;
